import { OAuth2Client } from 'google-auth-library'
import { z } from 'zod'
import { cleanText } from '#lib/clean-text.ts'
import { accountAddressSchema } from '#lib/email-address.ts'
import { env } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import { googleEndpoints } from './endpoints.ts'

/** OAuth 2.0 for web servers. Branches on `error` only: descriptions are undocumented. */

const timeoutMs = 10_000

export type Tokens = {
  accessToken: string
  /** Null if Google sent none: never overwrite a stored one with null. */
  refreshToken: string | null
  /** UTC ISO. */
  expiresAt: string
  scopes: string[]
  idToken: string | null
}

export type TokenAnswer =
  | { ok: true; tokens: Tokens }
  /** `refused`: Google returned an OAuth error; `unreachable`: no usable response, try again. */
  | { ok: false; kind: 'refused' | 'unreachable'; error: string }

export const authorizationUrl = (options: {
  redirectUri: string
  scopes: string[]
  state: string
  codeChallenge: string
  prompt?: string
  offline?: boolean
  loginHint?: string
  nonce?: string
}): string => {
  const url = new URL(googleEndpoints().authorize)
  const parameters = {
    client_id: env().GOOGLE_CLIENT_ID,
    redirect_uri: options.redirectUri,
    response_type: 'code',
    scope: options.scopes.join(' '),
    state: options.state,
    code_challenge: options.codeChallenge,
    code_challenge_method: 'S256',
    access_type: options.offline ? 'offline' : undefined,
    prompt: options.prompt,
    login_hint: options.loginHint,
    nonce: options.nonce,
  }
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
  return url.href
}

export const exchangeCode = (options: { code: string; redirectUri: string; codeVerifier: string }) =>
  requestTokens({
    grant_type: 'authorization_code',
    code: options.code,
    redirect_uri: options.redirectUri,
    code_verifier: options.codeVerifier,
  })

export const refreshTokens = (refreshToken: string) =>
  requestTokens({ grant_type: 'refresh_token', refresh_token: refreshToken })

/**
 * Revokes the user's whole grant to this project. A token that is already invalid counts as
 * revoked.
 */
export const revokeToken = async (token: string): Promise<'revoked' | 'unreachable'> => {
  const answer = await postForm(googleEndpoints().revoke, { token })
  if (!answer) return 'unreachable'
  const error = errorSchema.safeParse(answer.body)
  return answer.status === 200 || error.data?.error === 'invalid_token' ? 'revoked' : 'unreachable'
}

export type Identity = { sub: string; email: string; emailVerified: boolean; name: string }

/** Verifies signature, issuer, audience and expiry. Throws on any other token. */
export const readIdentity = async (idToken: string): Promise<Identity> => {
  const endpoints = googleEndpoints()
  const client = new OAuth2Client({
    clientId: env().GOOGLE_CLIENT_ID,
    issuers: endpoints.issuers,
    endpoints: {
      oauth2FederatedSignonPemCertsUrl: endpoints.pemCerts,
      oauth2FederatedSignonJwkCertsUrl: endpoints.jwkCerts,
    },
    transporterOptions: { timeout: timeoutMs },
  })
  const verified = await client.verifyIdToken({ idToken, audience: env().GOOGLE_CLIENT_ID })
  const claims = verified.getPayload()
  const parsed = claimsSchema.safeParse(claims)
  if (!parsed.success) throw new Error('The id token carries no usable account.')
  const { sub, email, email_verified, name } = parsed.data
  return { sub, email, emailVerified: email_verified === true, name: name || email.slice(0, longestName) }
}

const longestName = 100

/** Signed by Google, but typed by the holder of the account: parsed like a form. */
const claimsSchema = z.object({
  sub: z.string().regex(/^[!-~]{1,255}$/),
  email: accountAddressSchema,
  email_verified: z.unknown().optional(),
  name: z
    .unknown()
    .optional()
    .transform((name) => (typeof name === 'string' ? cleanText(name.trim(), { max: longestName }).trim() : '')),
})

const tokensSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().default(3599),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().default(''),
  id_token: z.string().optional(),
})
const errorSchema = z.object({ error: z.string() })

const requestTokens = async (form: Record<string, string>): Promise<TokenAnswer> => {
  const credentials = { client_id: env().GOOGLE_CLIENT_ID, client_secret: env().GOOGLE_CLIENT_SECRET }
  const answer = await postForm(googleEndpoints().token, { ...form, ...credentials })
  if (!answer) return { ok: false, kind: 'unreachable', error: 'no-answer' }
  if (answer.status >= 500 || answer.status === 429)
    return { ok: false, kind: 'unreachable', error: `http-${answer.status}` }
  if (answer.status !== 200) {
    const parsed = errorSchema.safeParse(answer.body)
    return parsed.success
      ? { ok: false, kind: 'refused', error: parsed.data.error }
      : { ok: false, kind: 'unreachable', error: `http-${answer.status}` }
  }
  const parsed = tokensSchema.safeParse(answer.body)
  if (!parsed.success) return { ok: false, kind: 'unreachable', error: 'unreadable' }
  return { ok: true, tokens: tokensOf(parsed.data) }
}

const tokensOf = (body: z.infer<typeof tokensSchema>): Tokens => ({
  accessToken: body.access_token,
  refreshToken: body.refresh_token ?? null,
  expiresAt: new Date(Date.now() + body.expires_in * 1000).toISOString(),
  scopes: body.scope.split(' ').filter(Boolean),
  idToken: body.id_token ?? null,
})

/** For the log: text that is no code is left out. */
const errorCodeOf = (body: unknown): string => {
  const error = errorSchema.safeParse(body).data?.error ?? ''
  return /^[\w.-]{1,60}$/.test(error) ? error : 'unreadable'
}

/** Null if Google did not respond in time. A body that is not JSON is read as null. */
const postForm = async (url: string, form: Record<string, string>) => {
  const started = performance.now()
  const logCall = (status: number | null, kind?: string) => {
    const operation = url === googleEndpoints().revoke ? 'oauth.revoke' : 'oauth.token'
    log('info', 'google.call', { operation, status, kind, ms: Math.round(performance.now() - started) })
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body: unknown = await response.json().catch(() => null)
    logCall(response.status, response.ok ? undefined : errorCodeOf(body))
    return { status: response.status, body }
  } catch {
    logCall(null, 'transient')
    return null
  }
}
