import { randomUUID } from 'node:crypto'
import { connect, type Database, database } from '#db/client.ts'
import { env, isServerless, sessionDatabaseUrl } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import { type ChangeKind, parseChangeKind } from './change-kind.ts'
import { changesChannel, publishChange } from './publish.ts'

/** One LISTEN per process, however many pages are open. */

type Listener = (news: ChangeKind) => void
type Hub = {
  listeners: Map<string, Set<Listener>>
  listening: Promise<unknown>
  close: () => Promise<void>
}

const held = globalThis as typeof globalThis & { sophiieLive?: Hub }

const probeMs = 3000
const blindMs = 5000

const hub = (): Hub => {
  held.sophiieLive ??= openHub(connect(sessionDatabaseUrl(), { max: 1 }))
  return held.sophiieLive
}

const openHub = (session: Database): Hub => {
  const listeners: Hub['listeners'] = new Map()
  const probe = { text: `probe:${randomUUID()}`, heard: false }
  let ended = false
  let blind: NodeJS.Timeout | undefined
  const tell = (said: string) => {
    if (said === probe.text) probe.heard = true
    const [businessId = '', news = ''] = said.split(' ')
    for (const listener of listeners.get(businessId) ?? []) listener(parseChangeKind(news))
  }
  // After a lost database connection anything may have been missed: everybody looks again.
  const tellAll = () => {
    for (const businessId of listeners.keys()) tell(businessId)
  }
  const close = async () => {
    ended = true
    clearInterval(blind)
    await session.close()
  }
  const listening = session.sql.listen(changesChannel, tell, tellAll)
  const checked = listening.then(async () => {
    if ((await hears(probe)) || ended) return
    log('warn', 'live.deaf', { everyMs: blindMs })
    blind = setInterval(tellAll, blindMs)
  })
  // Whoever subscribes meets the error of `listening`; a failed check alone changes nothing.
  checked.catch(() => {})
  return { listeners, listening, close }
}

/**
 * A transaction pooler swallows LISTEN without a word. Whoever does not hear its own voice tells everybody to look
 * again every few seconds instead: slower, never wrong.
 */
const hears = async (probe: { text: string; heard: boolean }): Promise<boolean> => {
  await publishChange(database(env().DATABASE_URL).db, probe.text)
  const deadline = Date.now() + probeMs
  while (!probe.heard && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  return probe.heard
}

/** Calls `listener` whenever something changed in the business, until the returned function is called. */
export const subscribe = async (businessId: string, listener: Listener): Promise<() => void> => {
  const current = hub()
  const { listeners } = current
  const own = listeners.get(businessId) ?? new Set()
  listeners.set(businessId, own.add(listener))
  try {
    await current.listening
  } catch (error) {
    await forget(current)
    throw error
  }
  return () => {
    own.delete(listener)
    if (own.size === 0) listeners.delete(businessId)
    if (listeners.size === 0 && isServerless()) void forget(current)
  }
}

/** The next one to subscribe listens anew. */
const forget = async (current: Hub) => {
  if (held.sophiieLive === current) held.sophiieLive = undefined
  await current.close()
}
