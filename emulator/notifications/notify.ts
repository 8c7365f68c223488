import type { Change, Channel } from '../model.ts'
import type { World } from '../world.ts'
import { deliver } from './deliver.ts'

/** Notifies the channels of each change; changes in one turn of the event loop are one message. */
export function startNotifying(world: World): () => void {
  const pending = new Set<Channel>()
  let scheduled: NodeJS.Immediate | undefined
  const flush = () => {
    scheduled = undefined
    for (const channel of pending) void notifyChannel(world, channel, 'exists')
    pending.clear()
  }
  const unsubscribe = world.subscribe((change) => {
    for (const channel of world.state.channels.values()) if (watches(channel, change)) pending.add(channel)
    if (pending.size > 0) scheduled ??= setImmediate(flush)
  })
  return () => {
    unsubscribe()
    clearImmediate(scheduled)
  }
}

function watches(channel: Channel, { email, calendarId }: Change): boolean {
  if (channel.calendarId) return channel.calendarId === calendarId
  return email === channel.email
}

/** Sends one push notification, unless the channel has expired. */
export async function notifyChannel(world: World, channel: Channel, state: 'sync' | 'exists'): Promise<void> {
  if (channel.expiration <= world.now()) {
    world.state.channels.delete(channel.id)
    return
  }
  const { notifications } = world.state.switches
  // Message numbers have gaps, as at Google.
  channel.messages += state === 'sync' || channel.messages === 0 ? 1 : 1 + (channel.messages % 3)
  const headers = {
    'x-goog-channel-id': channel.id,
    'x-goog-channel-expiration': new Date(channel.expiration).toUTCString(),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-uri': channel.resourceUri,
    'x-goog-resource-state': state,
    'x-goog-message-number': String(channel.messages),
    ...(channel.token && { 'x-goog-channel-token': channel.token }),
  }
  if (state !== 'sync' && notifications === 'drop') return
  const isLive = () => world.state.channels.get(channel.id) === channel
  const delivery = { address: channel.address, headers, switches: world.state.switches, isLive }
  const times = notifications === 'double' ? 2 : 1
  await Promise.all(Array.from({ length: times }, () => deliver(delivery)))
}
