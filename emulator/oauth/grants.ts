import type { OAuthClient } from '../model.ts'
import { randomToken, type World } from '../world.ts'
import { SIGN_IN_SCOPES } from './scopes.ts'
import type { AccessToken } from './state.ts'

export const ACCESS_TOKEN_SECONDS = 3599
const SEVEN_DAYS = 7 * 86_400_000
const SIX_MONTHS = 183 * 86_400_000
const MAX_REFRESH_TOKENS = 100

export function grantKey(email: string, client: OAuthClient): string {
  return `${email}|${client.project}`
}

export function grantedScopes(world: World, who: { email: string; client: OAuthClient }): string[] {
  return world.state.oauth.grants.get(grantKey(who.email, who.client))?.scopes ?? []
}

export function addGrant(world: World, grant: { email: string; client: OAuthClient; scopes: string[] }): void {
  const known = grantedScopes(world, grant)
  const scopes = [...new Set([...known, ...grant.scopes])]
  world.state.oauth.grants.set(grantKey(grant.email, grant.client), { scopes })
  world.touch()
}

/** The 101st token of an account and client silently invalidates the oldest. */
export function issueRefreshToken(
  world: World,
  token: { email: string; client: OAuthClient; scopes: string[] },
): { token: string; expiresIn?: number } {
  const { refreshTokens } = world.state.oauth
  const now = world.now()
  const limited = token.client.publishing === 'testing' && token.scopes.some((scope) => !SIGN_IN_SCOPES.has(scope))
  const value = randomToken('1//0')
  refreshTokens.set(value, {
    clientId: token.client.id,
    email: token.email,
    scopes: token.scopes,
    issuedAt: now,
    lastUsed: now,
    ...(limited && { expiresAt: now + SEVEN_DAYS }),
  })
  const own = [...refreshTokens].filter(([, t]) => t.email === token.email && t.clientId === token.client.id)
  if (own.length > MAX_REFRESH_TOKENS && own[0]) refreshTokens.delete(own[0][0])
  world.touch()
  return { token: value, ...(limited && { expiresIn: SEVEN_DAYS / 1000 - 1 }) }
}

export function issueAccessToken(world: World, token: Omit<AccessToken, 'expiresAt'>): string {
  const { accessTokens } = world.state.oauth
  const now = world.now()
  if (accessTokens.size > 5000) {
    for (const [value, { expiresAt }] of accessTokens) if (expiresAt < now) accessTokens.delete(value)
  }
  const value = randomToken('ya29.a0')
  accessTokens.set(value, { ...token, expiresAt: now + ACCESS_TOKEN_SECONDS * 1000 })
  world.touch()
  return value
}

export function liveAccessToken(world: World, value: string | undefined): AccessToken | undefined {
  const token = value ? world.state.oauth.accessTokens.get(value) : undefined
  return token && token.expiresAt > world.now() ? token : undefined
}

/** Refresh tokens expire after six months without use; those of a testing app after seven days. */
export function liveRefreshToken(world: World, value: string) {
  const token = world.state.oauth.refreshTokens.get(value)
  if (!token) return
  const now = world.now()
  const expired = (token.expiresAt ?? Number.POSITIVE_INFINITY) <= now || token.lastUsed + SIX_MONTHS <= now
  if (!expired) return token
  world.state.oauth.refreshTokens.delete(value)
}

/** Revokes all grants and tokens of the project's clients for this account. */
export function revokeProject(world: World, { email, project }: { email: string; project: string }): void {
  const { oauth } = world.state
  const inProject = (clientId: string) => oauth.clients.get(clientId)?.project === project
  oauth.grants.delete(`${email}|${project}`)
  for (const tokens of [oauth.refreshTokens, oauth.accessTokens]) {
    for (const [value, token] of tokens) {
      if (token.email === email && inProject(token.clientId)) tokens.delete(value)
    }
  }
  world.touch()
}
