import { type Context, json, type Reply, type Route } from '../http.ts'
import { answerConsent, authorize, chooseAccount } from './authorize.ts'
import { liveAccessToken } from './grants.ts'
import { publicJwk } from './key.ts'
import { profileClaims, revoke, token } from './token.ts'

export const ISSUER = 'https://accounts.google.com'

export const oauthRoutes: Route[] = [
  {
    method: 'GET',
    path: '/.well-known/openid-configuration',
    operation: 'oauth.discovery',
    handle: discovery,
  },
  { method: 'GET', path: '/o/oauth2/v2/auth', operation: 'oauth.authorize', handle: authorize },
  { method: 'GET', path: '/o/oauth2/auth', operation: 'oauth.authorize', handle: authorize },
  { method: 'POST', path: '/o/oauth2/v2/auth/account', operation: 'oauth.account', handle: chooseAccount },
  { method: 'POST', path: '/o/oauth2/v2/auth/consent', operation: 'oauth.consent', handle: answerConsent },
  { method: 'POST', path: '/token', operation: 'oauth.token', handle: token },
  { method: 'POST', path: '/oauth2/v4/token', operation: 'oauth.token', handle: token },
  { method: 'POST', path: '/revoke', operation: 'oauth.revoke', handle: revoke },
  { method: 'GET', path: '/tokeninfo', operation: 'oauth.tokeninfo', handle: tokenInfo },
  { method: 'POST', path: '/tokeninfo', operation: 'oauth.tokeninfo', handle: tokenInfo },
  { method: 'GET', path: '/v1/userinfo', operation: 'oauth.userinfo', handle: userInfo },
  { method: 'GET', path: '/oauth2/v3/userinfo', operation: 'oauth.userinfo', handle: userInfo },
  { method: 'GET', path: '/oauth2/v2/userinfo', operation: 'oauth.userinfo', handle: oldUserInfo },
  { method: 'GET', path: '/oauth2/v3/certs', operation: 'oauth.certs', handle: jwks },
  { method: 'GET', path: '/oauth2/v1/certs', operation: 'oauth.certs', handle: pemCerts },
]

function discovery({ world: { origin } }: Context): Reply {
  return json({
    issuer: ISSUER,
    authorization_endpoint: `${origin}/o/oauth2/v2/auth`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/v1/userinfo`,
    revocation_endpoint: `${origin}/revoke`,
    jwks_uri: `${origin}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: [
      'aud',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  })
}

function jwks({ world }: Context): Reply {
  return json({ keys: [publicJwk(world.state.oauth.key)] }, 200, { 'cache-control': 'public, max-age=60' })
}

function pemCerts({ world }: Context): Reply {
  const { kid, publicPem } = world.state.oauth.key
  return json({ [kid]: publicPem }, 200, { 'cache-control': 'public, max-age=60' })
}

function caller(context: Context) {
  const bearer = /^Bearer (.+)$/i.exec(context.headers.authorization ?? '')?.[1]
  const access = liveAccessToken(context.world, bearer ?? context.query.get('access_token') ?? undefined)
  const account = access && context.world.state.accounts.get(access.email)
  return access && account ? { access, account } : undefined
}

function userInfo(context: Context): Reply {
  const who = caller(context)
  if (!who) return json({ error: 'invalid_request', error_description: 'Invalid Credentials' }, 401)
  return json(profileClaims(who.account, who.access.scopes))
}

function oldUserInfo(context: Context): Reply {
  const who = caller(context)
  if (!who) return json({ error: { code: 401, message: 'Invalid Credentials', status: 'UNAUTHENTICATED' } }, 401)
  const { sub, email_verified, ...rest } = profileClaims(who.account, who.access.scopes)
  return json({ id: sub, ...(email_verified === true && { verified_email: true }), ...rest })
}

function tokenInfo(context: Context): Reply {
  const form = new URLSearchParams(context.body.toString())
  const value = context.query.get('access_token') ?? form.get('access_token') ?? undefined
  const access = liveAccessToken(context.world, value)
  const account = access && context.world.state.accounts.get(access.email)
  if (!access || !account) return json({ error: 'invalid_token', error_description: 'Invalid Value' }, 400)
  const seconds = Math.floor((access.expiresAt - context.world.now()) / 1000)
  return json({
    azp: access.clientId,
    aud: access.clientId,
    sub: account.sub,
    scope: access.scopes.join(' '),
    exp: String(Math.floor(access.expiresAt / 1000)),
    expires_in: String(seconds),
    email: account.email,
    email_verified: 'true',
    access_type: access.refreshToken ? 'offline' : 'online',
  })
}
