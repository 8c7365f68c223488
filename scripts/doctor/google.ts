import type { Env } from '#lib/env.ts'
import { googleEndpoints } from '#lib/google/endpoints.ts'
import { linkScopes, memberScopes } from '#lib/google/scopes.ts'
import { redirectUris } from '../process/product-env.ts'
import { skewFinding } from './database.ts'
import { error, type Finding, ok, timeoutMs, warning } from './finding.ts'

const consoleUrl = 'https://console.cloud.google.com/apis/credentials'

const request = (url: string, init: RequestInit = {}) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), ...init }).catch(() => null)

const unreachable = () =>
  error(
    'Google cannot be reached from here.',
    'Allow this machine to reach accounts.google.com, oauth2.googleapis.com and www.googleapis.com on port 443 (or GOOGLE_BASE_URL, if set).',
  )

export const checkGoogleClock = async (): Promise<Finding> => {
  const response = await request(googleEndpoints().jwkCerts)
  const date = Date.parse(response?.headers.get('date') ?? '')
  return Number.isNaN(date) ? unreachable() : skewFinding("Google's", date - Date.now())
}

/**
 * Sends an invalid authorization code: Google answers `invalid_grant` to a client it accepts, and
 * `invalid_client` to any other.
 */
export const checkClient = async (env: Env): Promise<Finding> => {
  const form = {
    grant_type: 'authorization_code',
    code: '4/doctor',
    redirect_uri: redirectUris(env.NEXTAUTH_URL)[1] ?? '',
    client_id: env.GOOGLE_CLIENT_ID,
    client_secret: env.GOOGLE_CLIENT_SECRET,
  }
  const response = await request(googleEndpoints().token, { method: 'POST', body: new URLSearchParams(form) })
  if (!response) return unreachable()
  const { error: code } = ((await response.json().catch(() => ({}))) ?? {}) as { error?: string }
  if (code === 'invalid_client' || code === 'deleted_client' || code === 'unauthorized_client')
    return error(
      'Google does not accept the OAuth client.',
      `Copy GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET again from ${consoleUrl} (type "Web application").`,
    )
  if (code) return ok('Google accepts the OAuth client and its secret.')
  return warning('Google gave no usable answer about the OAuth client.', 'Try again in a minute.')
}

/**
 * With `prompt=none` Google redirects back to an accepted address, and shows a page for any other.
 */
export const checkRedirects = async (env: Env): Promise<Finding> => {
  const uris = redirectUris(env.NEXTAUTH_URL.replace(/\/$/, ''))
  const refused: string[] = []
  for (const uri of uris) {
    const accepted = await isAccepted(env, uri, ['openid', 'email'])
    if (accepted === null) return unreachable()
    if (!accepted) refused.push(uri)
  }
  if (refused.length === 0) return ok('Google accepts both redirect addresses.')
  return error(
    `Google does not accept ${refused.join(' and ')}.`,
    `Add exactly that under "Authorized redirect URIs" of the client at ${consoleUrl}; it takes a few minutes to take effect.`,
  )
}

const consents = [
  { scopes: linkScopes, need: 'to write appointments' },
  { scopes: memberScopes, need: "to read a member's own calendars" },
]

/** Both consents; needs a redirect address that Google accepts. */
export const checkPermissions = async (env: Env): Promise<Finding> => {
  const uri = redirectUris(env.NEXTAUTH_URL.replace(/\/$/, ''))[1] ?? ''
  const refused: string[] = []
  for (const { scopes, need } of consents) {
    const accepted = await isAccepted(env, uri, scopes)
    if (accepted === null) return unreachable()
    if (!accepted) refused.push(need)
  }
  if (refused.length === 0) return ok('Google accepts the permissions of both kinds of links.')
  return error(
    `Google does not accept the permissions ${refused.join(', nor those ')}.`,
    'Enable the Google Calendar API and add every scope of docs/google-cloud.md under Data Access.',
  )
}

const maxRedirects = 4

const isAccepted = async (env: Env, uri: string, scopes: string[]): Promise<boolean | null> => {
  const url = new URL(googleEndpoints().authorize)
  const query = { client_id: env.GOOGLE_CLIENT_ID, redirect_uri: uri, response_type: 'code', prompt: 'none' }
  for (const [name, value] of Object.entries({ ...query, scope: scopes.join(' '), state: 'doctor' }))
    url.searchParams.set(name, value)
  for (let next = url.href, hop = 0; hop < maxRedirects; hop++) {
    const response = await request(next)
    if (!response) return null
    const location = response.headers.get('location')
    if (!location) return response.ok
    const target = new URL(location, next)
    if (target.href.startsWith(uri)) return true
    if (target.pathname.includes('/error') || target.searchParams.has('authError')) return false
    next = target.href
  }
  return false
}
