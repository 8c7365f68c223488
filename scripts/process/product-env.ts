import type { Secrets } from './secrets.ts'

type Addresses = { appUrl: string; googleUrl: string; databaseUrl: string }

/** Variables that a production server needs to use the emulator. */
export function productEnv({ appUrl, googleUrl, databaseUrl }: Addresses, secrets: Secrets) {
  return {
    ...secrets,
    DATABASE_URL: databaseUrl,
    // There is no pooler.
    DATABASE_URL_UNPOOLED: databaseUrl,
    NEXTAUTH_URL: appUrl,
    GOOGLE_BASE_URL: googleUrl,
    PORT: new URL(appUrl).port,
    NEXT_TELEMETRY_DISABLED: '1',
    // Empty overrides a developer's .env: no mail, and push notifications over loopback.
    SMTP_URL: '',
    EMAIL_FROM: '',
    WEBHOOK_URL: '',
    WEBHOOKS_TO_LOOPBACK: 'on',
  }
}

/** OAuth redirect URIs: signing in, and linking a calendar. */
export const redirectUris = (appUrl: string) => [`${appUrl}/api/auth/callback/google`, `${appUrl}/api/google/callback`]
