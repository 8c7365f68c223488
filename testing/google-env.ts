import { vi } from 'vitest'

/** The variables that code in `lib/google` reads; to be set before it is imported. */
export const stubGoogleEnv = (baseUrl: string): void => {
  const values = {
    DATABASE_URL: 'postgres://localhost/none',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'a secret for tests only',
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    CRON_SECRET: 'another secret for tests',
    TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
    GOOGLE_BASE_URL: baseUrl,
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
}
