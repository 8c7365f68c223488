import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/client.ts'
import { type ConnectionRow, deleteConnection, lockConnectionOfBusiness } from '#db/queries/sync/connections.ts'
import { insertRevocation } from '#db/queries/sync/revocations.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { openToken, sealToken } from '#lib/google/token-vault.ts'
import { publishChange } from '#lib/live/publish.ts'

/**
 * Ends the link at once: tokens and mirror are deleted with the connection, event mappings stay. A
 * job stops the channel and revokes access, so that both happen however long Google is unreachable.
 */
export const unlink = (viewer: Viewer): Promise<'unlinked' | 'not-linked'> =>
  tenantDbOf(viewer).transaction(async (tx) => {
    const connection = await lockConnectionOfBusiness(tx, viewer.businessId)
    if (!connection) return 'not-linked'
    await retireConnection(tx, connection)
    await recordActivity(tx, [
      {
        businessId: viewer.businessId,
        actor: { kind: 'member', memberId: viewer.memberId },
        what: 'google.unlinked',
        before: { account: connection.googleEmail, calendar: connection.calendarName },
      },
    ])
    await publishChange(tx, viewer.businessId)
    return 'unlinked'
  })

/** Deletes the connection, and queues the revocation of its grant. */
export const retireConnection = async (tx: Tx, connection: ConnectionRow): Promise<void> => {
  const id = randomUUID()
  await insertRevocation(tx, {
    id,
    businessId: connection.businessId,
    googleSub: connection.googleSub,
    refreshToken: sealToken(openToken(connection.refreshToken, connection.id), id),
    channelId: connection.channelId,
    channelResourceId: connection.channelResourceId,
  })
  await deleteConnection(tx, connection.id)
}
