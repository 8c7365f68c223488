import type { BusinessId } from '#db/business-id.ts'
import { untilAllowed, waitOf } from '#lib/auth/limits/allowance.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import type { Refusal } from '#lib/result.ts'
import { inTurn, type Turns, waitingFor } from '#lib/turns.ts'

/*
 * Limits of reads of the calendar, per process, because they protect its processor, its memory and
 * its connections to Postgres. In memory, because a read must not cost a write. A change that is
 * refused is only a read as well.
 */

/** Per member and minute. An open page reads after each live change, at most twice a second. */
const perMinute = { usual: 600, wide: 60, change: 600 }

/** Wide reads at the same time, and how many more wait, per business and in all. */
const atOnce = { business: 2, process: 4 }
const mostWaiting = 8

const hourMs = 60 * 60 * 1000

/** Longer than what a view shows, or likely to be expanded beyond the stored occurrences. */
const isWide = ({ start, end }: Span, now: number): boolean => {
  const [from, until] = [Date.parse(start), Date.parse(end)]
  return until - from > 62 * 24 * hourMs || from < now - 85 * 24 * hourMs || until > now + 750 * 24 * hourMs
}

type Limits = { minute: number; counts: Map<string, number>; queues: Turns }

const limits = () =>
  processSingleton('calendar-reads', (): Limits => ({ minute: 0, counts: new Map(), queues: new Map() }))

/** Why a read of the calendar may be refused. */
export type ReadRefusal = 'rate-limited' | 'too-many-occurrences'

/** Statuses of the routes. */
export const statusOfRefusal = {
  'signed-out': 401,
  invalid: 400,
  'range-too-long': 400,
  'too-many-occurrences': 422,
  'rate-limited': 429,
} as const

type Reader = { businessId: BusinessId; memberId: string }

const refused: Refusal<'rate-limited'> = {
  ok: false,
  code: 'rate-limited',
  message: 'The calendar is being read too often. Try again in a minute.',
  retryAfterSeconds: 60,
}

/** Later than it is known: who repeats a refused request at once, waits. */
const refuse = async (): Promise<typeof refused> => {
  await new Promise((resolve) => setTimeout(resolve, refusalMs))
  return refused
}

const refusalMs = 1000

/**
 * Runs `read` if the member may read now; a wide one when its turn comes, and one of a business
 * that has read too much when it may read again.
 */
export const limitedRead = async <T>(
  { businessId, memberId }: Reader,
  span: Span,
  read: () => Promise<T>,
  now = Date.now(),
): Promise<T | Refusal<'rate-limited'>> => {
  const kind = isWide(span, now) ? 'wide' : 'usual'
  if (countOf(`${kind} ${memberId}`, now) > perMinute[kind]) return await refuse()
  if (kind === 'usual') return await whenAllowed(businessId, read)
  const wide = () => inQueue('', atOnce.process, read)
  return await inQueue(businessId, atOnce.business, () => whenAllowed(businessId, wide))
}

/** Those that wait go one after another, so that each is charged before the next one begins. */
const whenAllowed = async <T>(businessId: BusinessId, read: () => Promise<T>): Promise<T | typeof refused> => {
  if (waitOf(businessId) === 0) return await read()
  return await inQueue(`waits ${businessId}`, 1, async () => {
    await untilAllowed(businessId)
    return await read()
  })
}

/** The same for a read that is always short. */
export const limitedLookup = async <T>({ memberId }: Reader, read: () => Promise<T>) =>
  countOf(`usual ${memberId}`, Date.now()) > perMinute.usual ? await refuse() : await read()

/** Whether a person asks for more changes than a page makes, in all businesses, refused or not. */
export const isFlooded = (email: string, now = Date.now()): boolean =>
  countOf(`change ${email}`, now) > perMinute.change

const countOf = (key: string, now: number): number => {
  const state = limits()
  const minute = Math.floor(now / 60_000)
  if (state.minute !== minute) state.counts.clear()
  state.minute = minute
  const count = (state.counts.get(key) ?? 0) + 1
  state.counts.set(key, count)
  return count
}

/** The queue of the process has no limit of its own for waiting: a business waits in its queue. */
const inQueue = async <T>(name: string, most: number, work: () => Promise<T>): Promise<T | typeof refused> => {
  const { queues } = limits()
  if (name !== '' && (waitingFor(queues, name, most) ?? 0) >= mostWaiting) return await refuse()
  return await inTurn(queues, name, { most }, work)
}
