import type { Env } from '#lib/env.ts'
import { googleEndpoints } from '#lib/google/endpoints.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { redirectUris } from '../process/product-env.ts'
import { skewFinding } from './database.ts'
import { doubtful, type Finding, fine, limitMs, wrong } from './finding.ts'

const console_ = 'https://console.cloud.google.com/apis/credentials'

const ask = (url: string, init: RequestInit = {}) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(limitMs), ...init }).catch(() => null)

const unreachable = () =>
  wrong(
    'Google does not answer from here.',
    'Let this machine reach accounts.google.com, oauth2.googleapis.com and www.googleapis.com on port 443 (GOOGLE_BASE_URL, if set).',
  )

export const checkGoogleClock = async (): Promise<Finding> => {
  const answer = await ask(googleEndpoints().jwkCerts)
  const date = Date.parse(answer?.headers.get('date') ?? '')
  return Number.isNaN(date) ? unreachable() : skewFinding("Google's", date - Date.now())
}

/** A code that nobody issued is refused as a code by a client that Google knows, and as a client by one it does not. */
export const checkClient = async (env: Env): Promise<Finding> => {
  const form = {
    grant_type: 'authorization_code',
    code: '4/doctor',
    redirect_uri: redirectUris(env.NEXTAUTH_URL)[1] ?? '',
    client_id: env.GOOGLE_CLIENT_ID,
    client_secret: env.GOOGLE_CLIENT_SECRET,
  }
  const answer = await ask(googleEndpoints().token, { method: 'POST', body: new URLSearchParams(form) })
  if (!answer) return unreachable()
  const { error } = ((await answer.json().catch(() => ({}))) ?? {}) as { error?: string }
  if (error === 'invalid_client' || error === 'deleted_client' || error === 'unauthorized_client')
    return wrong(
      'Google does not accept the OAuth client.',
      `Copy GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET again from ${console_} (type "Web application").`,
    )
  if (error) return fine('Google accepts the OAuth client and its secret.')
  return doubtful('Google gave no usable answer about the OAuth client.', 'Try again in a minute.')
}

/** Asked without a page (`prompt=none`) Google sends an accepted address back to us, and refuses any other with a page. */
export const checkRedirects = async (env: Env): Promise<Finding> => {
  const uris = redirectUris(env.NEXTAUTH_URL.replace(/\/$/, ''))
  const refused: string[] = []
  for (const uri of uris) {
    const accepted = await isAccepted(env, uri)
    if (accepted === null) return unreachable()
    if (!accepted) refused.push(uri)
  }
  if (refused.length === 0) return fine('Google accepts both redirect addresses.')
  return wrong(
    `Google does not accept ${refused.join(' and ')}.`,
    `Add exactly that, byte for byte, under "Authorized redirect URIs" of the client at ${console_}; it takes a few minutes to hold.`,
  )
}

const hops = 4

const isAccepted = async (env: Env, uri: string): Promise<boolean | null> => {
  const url = new URL(googleEndpoints().authorize)
  const query = { client_id: env.GOOGLE_CLIENT_ID, redirect_uri: uri, response_type: 'code', prompt: 'none' }
  for (const [name, value] of Object.entries({ ...query, scope: linkScopes.join(' '), state: 'doctor' }))
    url.searchParams.set(name, value)
  for (let next = url.href, hop = 0; hop < hops; hop++) {
    const answer = await ask(next)
    if (!answer) return null
    const location = answer.headers.get('location')
    if (!location) return answer.ok
    const target = new URL(location, next)
    if (target.href.startsWith(uri)) return true
    if (target.pathname.includes('/error') || target.searchParams.has('authError')) return false
    next = target.href
  }
  return false
}
