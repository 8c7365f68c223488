import type { Database } from '#db/client.ts'
import { countConnectionsOfAccount, lockAccount } from '#db/queries/sync/connections.ts'
import { deleteRevocation, postponeRevocation, readRevocation } from '#db/queries/sync/revocations.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { refreshTokens, revokeToken } from '#lib/google/oauth.ts'
import { openToken } from '#lib/google/token-vault.ts'
import { log } from '#lib/observe/log.ts'
import { backoffMs } from '#lib/sync/core/backoff.ts'

/**
 * The job behind an unlink. Google revokes access for the whole project, so a business that still
 * links the same account prevents it.
 */
export const revoke = async ({ db }: Database, revocationId: string): Promise<void> => {
  const revocation = await readRevocation(db, revocationId)
  if (!revocation) return
  const refreshToken = openToken(revocation.refreshToken, revocation.id)
  if (revocation.channelId && revocation.channelResourceId)
    await stopChannel(refreshToken, { id: revocation.channelId, resourceId: revocation.channelResourceId })
  const done = await db.transaction(async (tx) => {
    await lockAccount(tx, revocation.googleSub)
    if ((await countConnectionsOfAccount(tx, revocation.googleSub)) > 0) return true
    return (await revokeToken(refreshToken)) === 'revoked'
  })
  if (done) return deleteRevocation(db, revocationId)
  const attempt = revocation.attempts + 1
  const waitMs = backoffMs({ kind: 'transient', attempt, random: Math.random(), retryAfterSeconds: null })
  log('warn', 'google.revocation-waits', { revocationId, attempt })
  await postponeRevocation(db, revocationId, waitMs ?? 60_000)
}

/**
 * A channel that cannot be stopped expires within two days; its notifications match no connection.
 */
const stopChannel = async (refreshToken: string, channel: { id: string; resourceId: string }) => {
  const tokens = await refreshTokens(refreshToken)
  if (!tokens.ok) return
  await calendarApi(async () => ({ ok: true, data: tokens.tokens.accessToken })).stopChannel(channel)
}
