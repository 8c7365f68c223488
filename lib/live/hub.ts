import { database } from '#db/client.ts'
import { env } from '#lib/env.ts'
import { changesChannel } from './announce.ts'

/** One LISTEN per process, however many pages are open. */

type Listener = () => void
type Hub = { listeners: Map<string, Set<Listener>>; listening: Promise<unknown> }

const held = globalThis as typeof globalThis & { sophiieLive?: Hub }

const hub = (): Hub => {
  if (held.sophiieLive) return held.sophiieLive
  const listeners: Hub['listeners'] = new Map()
  const tell = (businessId: string) => {
    for (const listener of listeners.get(businessId) ?? []) listener()
  }
  // After a lost database connection anything may have been missed: everybody looks again.
  const tellAll = () => {
    for (const businessId of listeners.keys()) tell(businessId)
  }
  const listening = database(env().DATABASE_URL).sql.listen(changesChannel, tell, tellAll)
  held.sophiieLive = { listeners, listening }
  return held.sophiieLive
}

/** Calls `listener` whenever something changed in the business, until the returned function is called. */
export const subscribe = async (businessId: string, listener: Listener): Promise<() => void> => {
  const { listeners, listening } = hub()
  const own = listeners.get(businessId) ?? new Set()
  listeners.set(businessId, own.add(listener))
  try {
    await listening
  } catch (error) {
    held.sophiieLive = undefined
    throw error
  }
  return () => {
    own.delete(listener)
    if (own.size === 0) listeners.delete(businessId)
  }
}
