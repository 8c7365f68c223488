import type { Secrets } from './secrets.ts'

type Addresses = { appUrl: string; googleUrl: string; databaseUrl: string }

/** What a server of ours needs to run on the emulator, on top of the surroundings it is started in. */
export function productEnv({ appUrl, googleUrl, databaseUrl }: Addresses, secrets: Secrets) {
  return {
    ...secrets,
    DATABASE_URL: databaseUrl,
    // No pooler stands between.
    DATABASE_URL_UNPOOLED: databaseUrl,
    NEXTAUTH_URL: appUrl,
    GOOGLE_BASE_URL: googleUrl,
    PORT: new URL(appUrl).port,
    NEXT_TELEMETRY_DISABLED: '1',
    // Empty is missing: whatever a developer's own settings say, no mail leaves and rings come over loopback.
    SMTP_URL: '',
    EMAIL_FROM: '',
    WEBHOOK_URL: '',
  }
}

/** Where Google may send people back to: signing in, and linking a calendar. */
export const redirectUris = (appUrl: string) => [
  `${appUrl}/api/auth/callback/google`,
  `${appUrl}/api/google/callback`,
]
