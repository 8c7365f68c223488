import type { Db } from '#db/client.ts'
import { lockTokens, storeTokens } from '#db/queries/sync/accounts.ts'
import type { TokenSource } from './calendar-api.ts'
import type { GoogleAnswer } from './failure.ts'
import { refreshTokens } from './oauth.ts'
import { openToken, sealToken } from './token-vault.ts'

/** Refresh this long before expiry, so that no request starts with a token about to expire. */
const marginMs = 60_000

/**
 * The access token of a linked account, refreshed when it is due or was rejected. An advisory lock
 * allows one refresh at a time over all processes; a process that waited reads the new token.
 */
export const tokenOf = (db: Db, accountId: string, stored?: Stored): TokenSource => {
  let cached = stored ? cachedToken(stored, accountId) : null
  return async (rejected) => {
    if (cached && cached.token !== rejected && cached.expiresAt - Date.now() > marginMs)
      return { ok: true, data: cached.token }
    const answer = await currentToken(db, { accountId, rejected })
    cached = answer.ok ? answer.data : null
    return answer.ok ? { ok: true, data: answer.data.token } : answer
  }
}

/** The token columns of a row just read: spares a query until that token expires or is rejected. */
type Stored = { accessToken: string | null; accessTokenExpiresAt: string | null }
type CachedToken = { token: string; expiresAt: number }

const cachedToken = (stored: Stored, accountId: string): CachedToken | null =>
  stored.accessToken && stored.accessTokenExpiresAt
    ? {
        token: openToken(stored.accessToken, accountId),
        expiresAt: Date.parse(stored.accessTokenExpiresAt),
      }
    : null

const currentToken = (
  db: Db,
  request: { accountId: string; rejected: string | undefined },
): Promise<GoogleAnswer<CachedToken>> =>
  db.transaction(async (tx) => {
    const { accountId, rejected } = request
    const stored = await lockTokens(tx, accountId)
    if (!stored) return failed('revoked', 'unlinked')
    const token = stored.accessToken && openToken(stored.accessToken, accountId)
    const expiresAt = Date.parse(stored.accessTokenExpiresAt ?? '') || 0
    if (token && token !== rejected && expiresAt - Date.now() > marginMs)
      return { ok: true, data: { token, expiresAt } }

    const answer = await refreshTokens(openToken(stored.refreshToken, accountId))
    if (!answer.ok) return failed(answer.kind === 'refused' ? 'revoked' : 'transient', answer.error)
    const { accessToken, refreshToken } = answer.tokens
    await storeTokens(tx, accountId, {
      accessToken: sealToken(accessToken, accountId),
      accessTokenExpiresAt: answer.tokens.expiresAt,
      refreshToken: refreshToken && sealToken(refreshToken, accountId),
    })
    return { ok: true, data: { token: accessToken, expiresAt: Date.parse(answer.tokens.expiresAt) } }
  })

const failed = (kind: 'revoked' | 'transient', detail: string) =>
  ({ ok: false, failure: { kind, detail, status: null, retryAfterSeconds: null } }) as const
