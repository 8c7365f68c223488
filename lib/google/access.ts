import type { Db } from '#db/client.ts'
import { lockTokens, storeTokens } from '#db/queries/connections.ts'
import type { TokenSource } from './calendar-api.ts'
import type { GoogleAnswer } from './failure.ts'
import { refreshTokens } from './oauth.ts'
import { openToken, sealToken } from './token-vault.ts'

/** Refreshed this long before its end, so that a request never starts with a token about to die. */
const marginMs = 60_000

/**
 * The access token of a connection, refreshed when it is due or was rejected. One refresh at a time over all processes:
 * the row is locked while Google is asked, and whoever waited finds the new token.
 */
export const tokenOf = (db: Db, connectionId: string, stored?: Stored): TokenSource => {
  let held = stored ? heldOf(stored, connectionId) : null
  return async (rejected) => {
    if (held && held.token !== rejected && held.expiresAt - Date.now() > marginMs)
      return { ok: true, data: held.token }
    const answer = await currentToken(db, { connectionId, rejected })
    held = answer.ok ? answer.data : null
    return answer.ok ? { ok: true, data: answer.data.token } : answer
  }
}

/** What a row just read knows of the token; asking Postgres again can wait until that is not good enough. */
type Stored = { accessToken: string | null; accessTokenExpiresAt: string | null }
type Held = { token: string; expiresAt: number }

const heldOf = (stored: Stored, connectionId: string): Held | null =>
  stored.accessToken && stored.accessTokenExpiresAt
    ? {
        token: openToken(stored.accessToken, connectionId),
        expiresAt: Date.parse(stored.accessTokenExpiresAt),
      }
    : null

const currentToken = (
  db: Db,
  wanted: { connectionId: string; rejected: string | undefined },
): Promise<GoogleAnswer<Held>> =>
  db.transaction(async (tx) => {
    const { connectionId, rejected } = wanted
    const stored = await lockTokens(tx, connectionId)
    if (!stored) return failed('revoked', 'unlinked')
    const token = stored.accessToken && openToken(stored.accessToken, connectionId)
    const expiresAt = Date.parse(stored.accessTokenExpiresAt ?? '') || 0
    if (token && token !== rejected && expiresAt - Date.now() > marginMs)
      return { ok: true, data: { token, expiresAt } }

    const answer = await refreshTokens(openToken(stored.refreshToken, connectionId))
    if (!answer.ok) return failed(answer.kind === 'refused' ? 'revoked' : 'transient', answer.error)
    const { accessToken, refreshToken } = answer.tokens
    await storeTokens(tx, connectionId, {
      accessToken: sealToken(accessToken, connectionId),
      accessTokenExpiresAt: answer.tokens.expiresAt,
      refreshToken: refreshToken && sealToken(refreshToken, connectionId),
    })
    return { ok: true, data: { token: accessToken, expiresAt: Date.parse(answer.tokens.expiresAt) } }
  })

const failed = (kind: 'revoked' | 'transient', detail: string) =>
  ({ ok: false, failure: { kind, detail, status: null, retryAfterSeconds: null } }) as const
