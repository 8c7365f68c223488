import { createHash } from 'node:crypto'
import { type Context, json, type Reply } from '../http.ts'
import type { Account, OAuthClient } from '../model.ts'
import type { World } from '../world.ts'
import { ACCESS_TOKEN_SECONDS, issueAccessToken, issueRefreshToken, liveRefreshToken, revokeProject } from './grants.ts'
import { signJwt } from './key.ts'
import type { Code } from './state.ts'

const CODE_LIFETIME = 10 * 60_000
const NO_STORE = { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache' }

type Granted = { email: string; scopes: string[]; client: OAuthClient; refreshToken?: string; nonce?: string }

/** `POST /token` */
export function token(context: Context): Reply {
  const form = new URLSearchParams(context.body.toString())
  const client = readClient(context, form)
  if ('status' in client) return client
  context.logFields.clientId = client.id
  const type = form.get('grant_type')
  if (!type) return oauthError('invalid_request', 'Missing required parameter: grant_type')
  if (type === 'authorization_code') return exchangeCode(context, { form, client })
  if (type === 'refresh_token') return refresh(context, { form, client })
  return oauthError('unsupported_grant_type', `Invalid grant_type: ${type}`)
}

function readClient(context: Context, form: URLSearchParams): OAuthClient | Reply {
  const basic = /^Basic (.+)$/i.exec(context.headers.authorization ?? '')?.[1]
  const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent) : []
  const id = form.get('client_id') ?? basicId
  const secret = form.get('client_secret') ?? basicSecret
  if (!id) return oauthError('invalid_request', 'Could not determine client ID from request.')
  const client = context.world.state.oauth.clients.get(id)
  if (!client) return oauthError('invalid_client', 'The OAuth client was not found.', 401)
  if (!secret) return oauthError('invalid_request', 'client_secret is missing.')
  if (secret !== client.secret) return oauthError('invalid_client', 'The provided client secret is invalid.', 401)
  return client
}

function exchangeCode(context: Context, { form, client }: { form: URLSearchParams; client: OAuthClient }): Reply {
  const { world } = context
  const value = form.get('code')
  if (!value) return oauthError('invalid_request', 'Missing required parameter: code')
  if (/%2F/i.test(value)) return oauthError('invalid_grant', 'Malformed auth code.')
  const code = world.state.oauth.codes.get(value)
  const stale = !code || code.used || code.clientId !== client.id || code.issuedAt + CODE_LIFETIME < world.now()
  if (stale) return oauthError('invalid_grant', 'Bad Request')
  if (form.get('redirect_uri') !== code.redirectUri) return oauthError('redirect_uri_mismatch', 'Bad Request')
  const message = verifierError(code, form.get('code_verifier'))
  if (message) return oauthError('invalid_grant', message)
  code.used = true
  context.logFields.email = code.email
  const wantsRefresh = code.offline && code.consented
  const grant = { email: code.email, client, scopes: code.scopes }
  const fresh = wantsRefresh ? issueRefreshToken(world, grant) : undefined
  return tokens(world, { ...grant, nonce: code.nonce, refreshToken: fresh?.token }, fresh)
}

function verifierError({ challenge }: Code, verifier: string | null): string | undefined {
  if (!challenge) return
  if (!verifier) return 'Missing code verifier.'
  const hashed = challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier
  if (hashed !== challenge.value) return 'Invalid code verifier.'
}

function refresh(context: Context, { form, client }: { form: URLSearchParams; client: OAuthClient }): Reply {
  const { world } = context
  const value = form.get('refresh_token')
  if (!value) return oauthError('invalid_request', 'Missing required parameter: refresh_token')
  const known = liveRefreshToken(world, value)
  if (!known) return oauthError('invalid_grant', 'Token has been expired or revoked.')
  if (known.clientId !== client.id) return oauthError('invalid_grant', 'Bad Request')
  known.lastUsed = world.now()
  context.logFields.email = known.email
  return tokens(world, { email: known.email, client, scopes: known.scopes, refreshToken: value })
}

function tokens(world: World, granted: Granted, fresh?: { token: string; expiresIn?: number }): Reply {
  const accessToken = issueAccessToken(world, {
    clientId: granted.client.id,
    email: granted.email,
    scopes: granted.scopes,
    refreshToken: granted.refreshToken,
  })
  const account = world.state.accounts.get(granted.email)
  return json(
    {
      access_token: accessToken,
      expires_in: ACCESS_TOKEN_SECONDS,
      ...(fresh && { refresh_token: fresh.token }),
      ...(fresh?.expiresIn && { refresh_token_expires_in: fresh.expiresIn }),
      scope: granted.scopes.join(' '),
      token_type: 'Bearer',
      ...(account &&
        granted.scopes.includes('openid') && { id_token: idToken(world, { granted, account, accessToken }) }),
    },
    200,
    NO_STORE,
  )
}

function idToken(
  world: World,
  { granted, account, accessToken }: { granted: Granted; account: Account; accessToken: string },
): string {
  const now = Math.floor(world.now() / 1000)
  const digest = createHash('sha256').update(accessToken).digest()
  return signJwt(world.state.oauth.key, {
    iss: 'https://accounts.google.com',
    azp: granted.client.id,
    aud: granted.client.id,
    ...profileClaims(account, granted.scopes),
    ...(granted.nonce && { nonce: granted.nonce }),
    at_hash: digest.subarray(0, 16).toString('base64url'),
    iat: now,
    exp: now + 3600,
  })
}

/** Profile claims that the granted scopes give access to. */
export function profileClaims(account: Account, scopes: string[]): Record<string, unknown> {
  const has = (name: string) => scopes.includes(`https://www.googleapis.com/auth/userinfo.${name}`)
  const domain = account.email.split('@')[1]
  return {
    sub: account.sub,
    ...(domain && domain !== 'gmail.com' && { hd: domain }),
    ...(has('email') && { email: account.email, email_verified: true }),
    ...(has('profile') && {
      name: account.name,
      ...(account.picture && { picture: account.picture }),
      given_name: account.givenName,
      family_name: account.familyName,
    }),
  }
}

/** `POST /revoke` of an access or refresh token: revokes the whole project for that account. */
export function revoke(context: Context): Reply {
  const { oauth } = context.world.state
  const value = new URLSearchParams(context.body.toString()).get('token') ?? context.query.get('token')
  if (!value) return oauthError('invalid_request', 'Missing required parameter: token')
  const found = oauth.refreshTokens.get(value) ?? oauth.accessTokens.get(value)
  const client = found && oauth.clients.get(found.clientId)
  if (!found || !client) return oauthError('invalid_token', 'Token expired or revoked')
  context.logFields.email = found.email
  context.logFields.clientId = client.id
  revokeProject(context.world, { email: found.email, project: client.project })
  return json({}, 200, NO_STORE)
}

function oauthError(error: string, description: string, status = 400): Reply {
  return json({ error, error_description: description }, status, NO_STORE)
}
