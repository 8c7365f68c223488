import { database } from '#db/client.ts'
import { readChannel } from '#db/queries/sync/calendars.ts'
import { env } from '#lib/env.ts'
import { sameSecret } from './channel.ts'
import { enqueueNotified } from './enqueue.ts'

/** Compared for an unknown channel, so that it takes as long as a known one. */
const noSecret = Buffer.alloc(32)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * A push notification carries no data: it requests a run, if channel id, secret and resource match.
 */
export const receiveNotification = async (notification: {
  channelId: string
  secret: string
  resourceId: string
}): Promise<void> => {
  const open = database(env().DATABASE_URL)
  const { channelId, secret, resourceId } = notification
  const channel = uuid.test(channelId) ? await readChannel(open.db, channelId) : null
  const isGenuine = sameSecret(secret, channel?.secretHash ?? noSecret)
  if (!channel || !isGenuine || channel.resourceId !== resourceId) return
  await enqueueNotified(open.db, channel.syncedCalendarId)
}
