import { randomUUID } from 'node:crypto'
import { connect, type Database, database } from '#db/client.ts'
import { env, isServerless, sessionDatabaseUrl } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { type ChangeKind, type PublishedKind, parsePublishedKind } from './change-kind.ts'
import { changesChannel, publishChange } from './publish.ts'
import { recentChanges } from './recent-changes.ts'

/** One LISTEN per process for all open pages. */

type Listener = (kind: PublishedKind) => void
type Hub = {
  listeners: Map<string, Set<Listener>>
  /** What a page has missed that was rendered at `since` (epoch milliseconds). */
  missed: (businessId: string, since: number) => ChangeKind | null
  listening: Promise<unknown>
  close: () => Promise<void>
}

const state = () => processSingleton<{ hub?: Hub }>('live-hub', () => ({}))

const probeMs = 3000
const pollMs = 5000

const currentHub = (): Hub => {
  const own = state()
  own.hub ??= openHub(connect(sessionDatabaseUrl(), { max: 1 }))
  return own.hub
}

const openHub = (session: Database): Hub => {
  const listeners: Hub['listeners'] = new Map()
  const probe = { payload: `probe:${randomUUID()}`, received: false }
  let closed = false
  let polling: NodeJS.Timeout | undefined
  const recent = recentChanges()
  const notify = (payload: string) => {
    if (payload === probe.payload) probe.received = true
    const [businessId = '', text = ''] = payload.split(' ')
    const kind = parsePublishedKind(text)
    if (kind !== 'access') recent.add(businessId, kind)
    for (const listener of listeners.get(businessId) ?? []) listener(kind)
  }
  // Notifications are lost while the database connection is down, so every page refetches.
  const notifyAll = () => {
    recent.forget()
    for (const businessId of listeners.keys()) notify(businessId)
  }
  const close = async () => {
    closed = true
    clearInterval(polling)
    await session.close()
  }
  const listening = session.sql.listen(changesChannel, notify, notifyAll)
  const checked = listening.then(async () => {
    if ((await isReceived(probe)) || closed) return
    log('warn', 'live.listen-unavailable', { everyMs: pollMs })
    polling = setInterval(notifyAll, pollMs)
  })
  // `subscribe` awaits `listening` and throws its error; a failed probe alone changes nothing.
  checked.catch(() => {})
  return { listeners, listening, close, missed: recent.missed }
}

/**
 * A transaction pooler drops LISTEN silently. If our own notification does not arrive, pages
 * refetch every few seconds instead.
 */
const isReceived = async (probe: { payload: string; received: boolean }): Promise<boolean> => {
  await publishChange(database(env().DATABASE_URL).db, probe.payload)
  const deadline = performance.now() + probeMs
  while (!probe.received && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  return probe.received
}

/**
 * Calls `listener` on each change in the business, until the returned function is called. `since`:
 * when the page was rendered; a change since then is passed on at once.
 */
export const subscribe = async (businessId: string, listener: Listener, since?: number): Promise<() => void> => {
  const hub = currentHub()
  const { listeners } = hub
  const own = listeners.get(businessId) ?? new Set()
  listeners.set(businessId, own.add(listener))
  try {
    await hub.listening
  } catch (error) {
    await discard(hub)
    throw error
  }
  const missed = since === undefined ? null : hub.missed(businessId, since)
  if (missed) listener(missed)
  return () => {
    own.delete(listener)
    if (own.size === 0) listeners.delete(businessId)
    if (listeners.size === 0 && isServerless()) void discard(hub)
  }
}

/** Closes the hub; the next subscriber opens a new one. */
const discard = async (hub: Hub) => {
  if (state().hub === hub) state().hub = undefined
  await hub.close()
}
