import type { Database } from '#db/client.ts'
import { countLinksOfAccount, lockGoogleAccount } from '#db/queries/sync/accounts.ts'
import { type Channel, deleteRevocation, postponeRevocation, readRevocation } from '#db/queries/sync/revocations.ts'
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
  await stopChannels(refreshToken, revocation.channels)
  const done = await db.transaction(async (tx) => {
    await lockGoogleAccount(tx, revocation.googleSub)
    if ((await countLinksOfAccount(tx, revocation.googleSub)) > 0) return true
    return (await revokeToken(refreshToken)) === 'revoked'
  })
  if (done) return deleteRevocation(db, revocationId)
  const attempt = revocation.attempts + 1
  const waitMs = backoffMs({ kind: 'transient', attempt, random: Math.random(), retryAfterSeconds: null })
  log('warn', 'google.revocation-waits', { revocationId, attempt })
  await postponeRevocation(db, revocationId, waitMs ?? 60_000)
}

/** A channel that is not stopped expires within two days; its notifications match no calendar. */
const stopChannels = async (refreshToken: string, channels: Channel[]) => {
  if (channels.length === 0) return
  const tokens = await refreshTokens(refreshToken)
  if (!tokens.ok) return
  const api = calendarApi(async () => ({ ok: true, data: tokens.tokens.accessToken }))
  for (const channel of channels) await api.stopChannel(channel)
}
