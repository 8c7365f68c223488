import { OAuth2Client } from 'google-auth-library'
import { z } from 'zod'
import { cleanText, isStorable } from '#lib/clean-text.ts'
import { accountAddressSchema } from '#lib/email-address.ts'
import { env } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import { googleEndpoints } from './endpoints.ts'
import { isCode } from './failure.ts'

/** OAuth 2.0 for web servers. Branches on `error` only: descriptions are undocumented. */

const timeoutMs = 10_000
/** Tokens and keys are a few kilobytes. */
const maxBytes = 1024 * 1024

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
  /** `refused`: a known OAuth error; `unreachable`: no usable response, try again. */
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
  if (answer.status === 200) return answer.isEmpty || isEmptyObject(answer.body) ? 'revoked' : 'unreachable'
  return answer.status < 500 && errorIn(answer.body) === 'invalid_token' ? 'revoked' : 'unreachable'
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
    transporterOptions: { timeout: timeoutMs, size: maxBytes },
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
    .transform((name) =>
      typeof name === 'string' ? cleanText(name.replace(/[\s\p{Cc}]+/gu, ' ').trim(), { max: longestName }).trim() : '',
    ),
})

/** Sent as a header or in a form, and stored. Google's longest are 2,048 bytes. */
const token = z.string().regex(/^[\x21-\x7e]{1,16384}$/)
const longestLifeSeconds = 86_400

const tokensSchema = z.object({
  access_token: token,
  expires_in: z.number().nonnegative().default(3599),
  refresh_token: token.optional(),
  scope: z.string().max(16_384).refine(isStorable).default(''),
  // Of any length: it holds a name that people chose, and is not stored.
  id_token: z.string().optional(),
})

/** Google's OAuth error in a body, if there is one. */
const errorIn = (body: unknown): string | null => {
  const parsed = errorSchema.safeParse(body)
  return parsed.success && isCode(parsed.data.error) ? parsed.data.error : null
}
const errorSchema = z.object({ error: z.string() })

const isEmptyObject = (body: unknown) => z.strictObject({}).safeParse(body).success

/** Errors about the grant or the client. Any other is about the server or the moment. */
const final = [
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'deleted_client',
  'admin_policy_enforced',
  'org_internal',
  'access_denied',
  'invalid_request',
  'invalid_scope',
  'redirect_uri_mismatch',
  'unsupported_grant_type',
]

const requestTokens = async (form: Record<string, string>): Promise<TokenAnswer> => {
  const credentials = { client_id: env().GOOGLE_CLIENT_ID, client_secret: env().GOOGLE_CLIENT_SECRET }
  const answer = await postForm(googleEndpoints().token, { ...form, ...credentials })
  if (!answer) return { ok: false, kind: 'unreachable', error: 'no-answer' }
  if (answer.status >= 500 || answer.status === 429)
    return { ok: false, kind: 'unreachable', error: `http-${answer.status}` }
  if (answer.status !== 200) {
    const error = errorIn(answer.body)
    const kind = error && final.includes(error) ? 'refused' : 'unreachable'
    return { ok: false, kind, error: error ?? `http-${answer.status}` }
  }
  const parsed = tokensSchema.safeParse(answer.body)
  if (!parsed.success) return { ok: false, kind: 'unreachable', error: 'unreadable' }
  return { ok: true, tokens: tokensOf(parsed.data) }
}

const tokensOf = (body: z.infer<typeof tokensSchema>): Tokens => ({
  accessToken: body.access_token,
  refreshToken: body.refresh_token ?? null,
  expiresAt: new Date(Date.now() + Math.min(body.expires_in, longestLifeSeconds) * 1000).toISOString(),
  scopes: body.scope.split(' ').filter(Boolean),
  idToken: body.id_token ?? null,
})

/** Null without a response in time, or if it is too long. What is not JSON is read as null. */
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
    const text = await boundedText(response)
    const body = parsed(text)
    logCall(response.status, response.ok ? undefined : (errorIn(body) ?? 'unreadable'))
    return { status: response.status, body, isEmpty: text === '' }
  } catch {
    logCall(null, 'transient')
    return null
  }
}

const boundedText = async ({ body }: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
