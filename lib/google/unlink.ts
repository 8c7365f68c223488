import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client.ts'
import {
  countConnectionsOfAccount,
  deleteConnection,
  lockAccount,
  lockConnectionOfBusiness,
} from '#db/queries/connections.ts'
import { deleteRevocation, insertRevocation, postponeRevocation, readRevocation } from '#db/queries/sync.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { ownRows } from '#lib/auth/door.ts'
import type { Viewer } from '#lib/business/schema.ts'
import { announce } from '#lib/live/announce.ts'
import { log } from '#lib/log.ts'
import { backoffMs } from '#lib/sync/core/backoff.ts'
import { calendarApi } from './calendar-api.ts'
import { refreshTokens, revokeToken } from './oauth.ts'
import { openToken, sealToken } from './token-vault.ts'

/**
 * Ends the link here and now: tokens and mirror go with the connection, what was pushed stays remembered. Stopping the
 * channel and revoking at Google is left to a job, so that it happens however long Google cannot be reached.
 */
export const unlink = (viewer: Viewer): Promise<'unlinked' | 'not-linked'> =>
  ownRows(viewer).transaction(async (tx) => {
    const connection = await lockConnectionOfBusiness(tx, viewer.businessId)
    if (!connection) return 'not-linked'
    const id = randomUUID()
    await insertRevocation(tx, {
      id,
      businessId: viewer.businessId,
      googleSub: connection.googleSub,
      refreshToken: sealToken(openToken(connection.refreshToken, connection.id), id),
      channelId: connection.channelId,
      channelResourceId: connection.channelResourceId,
    })
    await deleteConnection(tx, connection.id)
    await recordActivity(tx, [
      {
        businessId: viewer.businessId,
        actor: { kind: 'member', memberId: viewer.memberId },
        what: 'google.unlinked',
        before: { account: connection.googleEmail, calendar: connection.calendarName },
      },
    ])
    await announce(tx, viewer.businessId)
    return 'unlinked'
  })

/** The job behind an unlink. Google revokes for the whole project: another link of the same account keeps its access. */
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
  const waitMs = backoffMs({ kind: 'transient', attempt, chance: Math.random(), retryAfterSeconds: null })
  log('warn', 'google.revocation-waits', { revocationId, attempt })
  await postponeRevocation(db, revocationId, waitMs ?? 60_000)
}

/** A channel that cannot be stopped ends by itself within two days; its rings meet no connection. */
const stopChannel = async (refreshToken: string, channel: { id: string; resourceId: string }) => {
  const tokens = await refreshTokens(refreshToken)
  if (!tokens.ok) return
  await calendarApi(async () => ({ ok: true, data: tokens.tokens.accessToken })).stopChannel(channel)
}
