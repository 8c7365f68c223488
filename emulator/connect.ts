import { randomBytes } from 'node:crypto'
import { OAuth2Client } from 'google-auth-library'
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { control } from './testing.ts'
import { DEFAULT_CLIENT } from './world.ts'

const AUTH = 'https://www.googleapis.com/auth/'

export const CALENDAR_SCOPES = ['openid', 'email', `${AUTH}calendar.calendarlist.readonly`, `${AUTH}calendar.events`]

export type Connection = {
  api: calendar_v3.Calendar
  auth: OAuth2Client
  accessToken: string
  refreshToken: string
}

/** Google's own OAuth client with the emulator's endpoints. */
export function authClient(url: string, client = DEFAULT_CLIENT): OAuth2Client {
  return new OAuth2Client({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri: client.redirectUris.at(-1),
    endpoints: {
      oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${url}/token`,
      oauth2RevokeUrl: `${url}/revoke`,
      tokenInfoUrl: `${url}/tokeninfo`,
      oauth2FederatedSignonPemCertsUrl: `${url}/oauth2/v1/certs`,
      oauth2FederatedSignonJwkCertsUrl: `${url}/oauth2/v3/certs`,
    },
  })
}

/**
 * Authorizes an account through the real OAuth flow, with consent given through the control API.
 */
export async function connect(
  url: string,
  {
    email,
    scopes = CALENDAR_SCOPES,
    client = DEFAULT_CLIENT,
  }: { email: string; scopes?: string[]; client?: typeof DEFAULT_CLIENT },
): Promise<Connection> {
  const auth = authClient(url, client)
  const state = randomBytes(8).toString('hex')
  const authUrl = auth.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: scopes, state })
  const { location } = (await control(url, 'authorize', { body: { url: authUrl, email } })) as {
    location: string
  }
  const { tokens } = await auth.getToken(new URL(location).searchParams.get('code') ?? '')
  auth.setCredentials(tokens)
  const api = calendar({ version: 'v3', auth, rootUrl: `${url}/`, retry: false })
  return { api, auth, accessToken: tokens.access_token ?? '', refreshToken: tokens.refresh_token ?? '' }
}

/** Status, reason and location of the error that a call fails with; throws if it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; reason?: string; location?: string }> {
  try {
    await call
  } catch (error) {
    const { status, data } = (error as { response: { status: number; data: ErrorBody } }).response
    const [first] = data?.error?.errors ?? []
    return {
      status,
      ...(first && { reason: first.reason }),
      ...(first?.location && { location: first.location }),
    }
  }
  throw new Error('The call succeeded.')
}

type ErrorBody = { error?: { errors?: { reason: string; location?: string }[] } }
