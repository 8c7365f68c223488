import type { BusinessId } from '#db/business-id.ts'
import { database, type Tx } from '#db/client.ts'
import { type AskedMembers, readFreshness, readStale } from '#db/queries/sync/freshness.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { isPushOnly, isSilent, readIntervalMs } from '#lib/sync/notifications/leave-read.ts'
import { drainNow } from './drain-after-response.ts'

/** People wait so long for a booking; a caller on the phone waits `callerBoundMs`. */
const boundMs = 1500
export const callerBoundMs = 400
const checkMs = 20
/**
 * A run lasts at most so long: it has read everything that was notified earlier than this before
 * its end.
 */
const runMs = 30_000

export type Freshness = 'fresh' | 'unchecked' | 'not-linked'

/**
 * Of the business's calendar. `checked-now`: a sync run finished in time. `asOf`: when Google was
 * last read. `unknownMembers`: of those who were asked for, whose busy calendars may be stale.
 */
export type Checked = {
  state: 'fresh' | 'checked-now' | 'unknown' | 'unlinked'
  asOf: string | null
  unknownMembers: readonly string[]
}

export const isUnknown = ({ state, unknownMembers }: Checked): boolean =>
  state === 'unknown' || unknownMembers.length > 0

/**
 * Whether a booking, or a search for free times, can rely on the mirror. A mirror that may be stale
 * is synced first, within 1.5 s; if Google does not respond in time, the answer is `unchecked`.
 */
export const ensureFresh = async (businessId: BusinessId, asked: AskedMembers = {}): Promise<Freshness> => {
  const answers = await checkAll(businessId, boundMs, asked)
  if (answers.some(({ state }) => state === 'unknown')) return 'unchecked'
  return answers.some(({ memberId }) => memberId === null) ? 'fresh' : 'not-linked'
}

/** The same within `bound` milliseconds. */
export const checkFreshness = async (
  businessId: BusinessId,
  bound: number,
  asked: AskedMembers = {},
): Promise<Checked> => {
  return checkedOf(await checkAll(businessId, bound, asked))
}

/**
 * The same in the transaction that reads what it is about; null if a calendar has to be read first.
 */
export const checkInside = async (
  tx: Tx,
  businessId: BusinessId,
  asked: AskedMembers = {},
): Promise<Checked | null> => {
  const facts = await readFreshness(tx, businessId, asked)
  return facts.some(isDue) ? null : checkedOf(facts.map((each) => answerOf(each, new Map())))
}

const checkedOf = (answers: readonly Answer[]): Checked => {
  const own = answers.find(({ memberId }) => memberId === null)
  const unknown = answers.flatMap(({ memberId, state }) => (memberId && state === 'unknown' ? memberId : []))
  const { state = 'unlinked', asOf = null } = own ?? {}
  return { state, asOf, unknownMembers: [...new Set(unknown)] }
}

type Answer = { memberId: string | null; state: 'fresh' | 'checked-now' | 'unknown'; asOf: string | null }

/** One answer per calendar. Those that may be stale are synced together. */
const checkAll = async (businessId: BusinessId, bound: number, asked: AskedMembers): Promise<Answer[]> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const deadline = Date.now() + bound
  const before = await readFreshness(db, businessId, asked)
  const due = new Map(before.filter(isDue).map(byId))
  const answers = new Map(before.map((each) => [each.syncedCalendarId, answerOf(each, due)]))
  await Promise.all([...due.keys()].map((id) => enqueueSync(db, id)))
  if (due.size > 0) drainNow()
  const awaited = new Map<string, number>()
  while (due.size > 0 && Date.now() < deadline) {
    const after = new Map((await readFreshness(db, businessId, asked)).map(byId))
    for (const [id, facts] of due) {
      const now = after.get(id)
      if (!now) answers.delete(id)
      else {
        const { requested = 0, processed = 0 } = now.requests ?? {}
        if (!awaited.has(id)) awaited.set(id, requested)
        // Only a run that began after the request has read what Google knew then.
        if (!stopsSync(now) && processed < (awaited.get(id) ?? 0)) continue
        const isRead = !stopsSync(now) && hasSucceeded(facts, now)
        answers.set(id, answer(now, isRead ? 'checked-now' : 'unknown'))
      }
      due.delete(id)
    }
    if (due.size > 0) await new Promise((resolve) => setTimeout(resolve, checkMs))
  }
  return [...answers.values()]
}

const byId = (facts: Facts): [string, Facts] => [facts.syncedCalendarId, facts]

const answer = ({ memberId, lastSuccessAt }: Facts, state: Answer['state']): Answer => ({
  ...{ memberId, state },
  asOf: lastSuccessAt,
})

/** Until those that are due have been read, nothing is known of them. */
const answerOf = (facts: Facts, due: ReadonlyMap<string, Facts>): Answer =>
  answer(facts, due.has(facts.syncedCalendarId) || stopsSync(facts) ? 'unknown' : 'fresh')

type Facts = Awaited<ReturnType<typeof readFreshness>>[number]

const isFresh = ({ requests, lastSuccessAt, channelExpiresAt, channelCreatedAt }: Facts): boolean => {
  const succeededAt = Date.parse(lastSuccessAt ?? '') || 0
  const notifiedAt = Date.parse(requests?.lastNotificationAt ?? '') || 0
  const isReadRequested = requests && requests.requested > requests.processed && !isPushOnly(requests)
  if (isReadRequested && notifiedAt > succeededAt - runMs) return false
  // A channel announces only changes after it was opened, so it must be older than the last read.
  const hasChannel =
    Date.parse(channelExpiresAt ?? '') > Date.now() && Date.parse(channelCreatedAt ?? '') <= succeededAt
  const isActive = hasChannel && !(requests && isSilent(requests, channelCreatedAt, new Date().toISOString()))
  return Date.now() - succeededAt < (isActive ? readIntervalMs.notified : readIntervalMs.polled)
}

const isDue = (facts: Facts): boolean => !stopsSync(facts) && !isFresh(facts)

const hasSucceeded = (before: Facts, after: Facts) =>
  after.failingSince === null && after.lastSuccessAt !== before.lastSuccessAt

/** When a person opens the calendar: queues a sync run of each whose last is over a minute old. */
export const syncIfStale = async (businessId: BusinessId): Promise<void> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const stale = await readStale(db, businessId, readIntervalMs.polled / 1000)
  await Promise.all(stale.map((id) => enqueueSync(db, id)))
}
