import { database } from '#db/client.ts'
import { readChannel } from '#db/queries/connections.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { sameSecret } from './channel.ts'
import { enqueueNotified } from './enqueue.ts'

const nobody = Buffer.alloc(32)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A notification only says "look again". Known id, secret (constant time) and resource, or it is nothing. */
export const ring = async (call: {
  channelId: string
  secret: string
  resourceId: string
}): Promise<void> => {
  const held = database(env().DATABASE_URL)
  const channel = uuid.test(call.channelId) ? await readChannel(held.db, call.channelId) : null
  const genuine = sameSecret(call.secret, channel?.secretHash ?? nobody)
  if (!channel || !genuine || channel.resourceId !== call.resourceId) return
  await enqueueNotified(tenantDb(held, channel.businessId), channel.connectionId)
}
