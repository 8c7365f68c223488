import type { BusinessId } from '#db/business-id.ts'
import { type Db, database, type Tx } from '#db/client.ts'
import { type AskedMembers, readFreshness, readStale } from '#db/queries/sync/freshness.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { processSingleton } from '#lib/process-singleton.ts'
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
 * last read. `unknownMembers`: blocked by a busy calendar that may be stale, theirs or the
 * business's; of those calendars that block everyone, or anyone who was asked for.
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
  return answers.some(({ isOfBusiness }) => isOfBusiness) ? 'fresh' : 'not-linked'
}

type Within = AskedMembers & {
  /** Asked only before Google is: what is refused in any case need not wait for it. */
  isNeeded?: () => Promise<boolean>
}

/** The same within `bound` milliseconds. */
export const checkFreshness = async (businessId: BusinessId, bound: number, asked: Within = {}): Promise<Checked> =>
  checkedOf(await checkAll(businessId, bound, asked))

/**
 * The same in the transaction that reads what it is about; null if a calendar has to be read first.
 */
export const checkInside = async (
  tx: Tx,
  businessId: BusinessId,
  asked: AskedMembers = {},
): Promise<Checked | null> => {
  const facts = await readFreshness(tx, businessId, asked)
  return facts.some(isDue) ? null : checkedOf(facts.map((each) => answerNow(each)))
}

const checkedOf = (answers: readonly Answer[]): Checked => {
  const own = answers.find(({ isOfBusiness }) => isOfBusiness)
  const unknown = answers.flatMap(({ blockedIds, state }) => (state === 'unknown' ? blockedIds : []))
  const { state = 'unlinked', asOf = null } = own ?? {}
  return { state, asOf, unknownMembers: [...new Set(unknown)] }
}

type Answer = Pick<Facts, 'isOfBusiness' | 'blockedIds'> & {
  state: 'fresh' | 'checked-now' | 'unknown'
  asOf: string | null
}

/** One answer per calendar. Those that may be stale are synced together. */
const checkAll = async (businessId: BusinessId, bound: number, { isNeeded, ...asked }: Within): Promise<Answer[]> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const until = Date.now() + bound
  const all = await readFreshness(db, businessId, asked)
  const isChecked = all.some(isDue) && (isNeeded === undefined || (await isNeeded()))
  const answers = await Promise.all(
    all.map((each) =>
      isChecked && isDue(each) ? liveCheck(db, businessId, { before: each, until }) : answerNow(each),
    ),
  )
  return answers.filter((each) => each !== null)
}

/** `resolve` with null: the calendar is gone. */
type Waiter = { until: number; resolve: (answer: Answer | null) => void; reject: (error: unknown) => void }
/** `requested`: the run that is awaited, once the request was made and read. */
type Check = { before: Facts; isRequested: boolean; requested: number | null; waiters: Waiter[] }
type Checks = Map<string, Check>

/** The running checks of this process, by business and calendar. */
const running = () => processSingleton('live-checks', () => new Map<BusinessId, Checks>())

/**
 * A sync run, within the time. Those who ask while one is awaited share it, unless another run was
 * requested since: a hundred callers must not read Google a hundred times.
 */
const liveCheck = (
  db: Db,
  businessId: BusinessId,
  { before, until }: { before: Facts; until: number },
): Promise<Answer | null> => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | null>()
  const checks = running().get(businessId) ?? new Map<string, Check>()
  const id = before.syncedCalendarId
  const waiter = { until, resolve, reject }
  const current = checks.get(id)
  if (current && (before.requests?.requested ?? 0) <= (current.requested ?? Number.POSITIVE_INFINITY))
    current.waiters.push(waiter)
  else {
    const check = { before, isRequested: false, requested: null, waiters: [...(current?.waiters ?? []), waiter] }
    checks.set(id, check)
    void request(db, check)
  }
  if (!running().has(businessId)) {
    running().set(businessId, checks)
    void watch(db, businessId, checks)
  }
  drainNow()
  return promise
}

const request = async (db: Db, check: Check): Promise<void> => {
  try {
    await enqueueSync(db, check.before.syncedCalendarId)
    check.isRequested = true
    drainNow()
  } catch (error) {
    refuse(check, error)
  }
}

const refuse = (check: Check, error: unknown): void => {
  for (const { reject } of check.waiters) reject(error)
  check.waiters = []
}

/** Looks until all waiters have their answer. */
const watch = async (db: Db, businessId: BusinessId, checks: Checks): Promise<void> => {
  try {
    while (checks.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, checkMs))
      const asked = [...checks.values()].filter(({ isRequested }) => isRequested)
      const memberIds = [...new Set(asked.flatMap(({ before }) => before.blockedIds))]
      const now = new Map((await readFreshness(db, businessId, { memberIds })).map(byId))
      for (const check of asked) answerWaiters(check, now.get(check.before.syncedCalendarId))
      for (const [id, { waiters }] of checks) if (waiters.length === 0) checks.delete(id)
    }
  } catch (error) {
    for (const check of checks.values()) refuse(check, error)
  } finally {
    running().delete(businessId)
  }
}

const answerWaiters = (check: Check, now: Facts | undefined): void => {
  const found = resultOf(check, now)
  const isOver = ({ until }: Waiter) => found !== undefined || Date.now() >= until
  for (const { resolve } of check.waiters.filter(isOver))
    resolve(found === undefined ? answer(check.before, 'unknown') : found)
  check.waiters = check.waiters.filter((each) => !isOver(each))
}

/** Undefined while the run has not ended. */
const resultOf = (check: Check, now: Facts | undefined): Answer | null | undefined => {
  if (!now) return null
  const { requested = 0, processed = 0 } = now.requests ?? {}
  check.requested ??= requested
  // Only a run that began after the request has read what Google knew then.
  if (!stopsSync(now) && processed < check.requested) return
  const isRead = !stopsSync(now) && hasSucceeded(check.before, now)
  return answer(now, isRead ? 'checked-now' : 'unknown')
}

const byId = (facts: Facts): [string, Facts] => [facts.syncedCalendarId, facts]

const answer = ({ isOfBusiness, blockedIds, lastSuccessAt }: Facts, state: Answer['state']): Answer => ({
  ...{ isOfBusiness, blockedIds, state },
  asOf: lastSuccessAt,
})

/** Without a live check. */
const answerNow = (facts: Facts): Answer => answer(facts, isFresh(facts) && !stopsSync(facts) ? 'fresh' : 'unknown')

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
