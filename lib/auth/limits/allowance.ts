import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import type { BusinessId } from '#db/business-id.ts'
import { processSingleton } from '#lib/process-singleton.ts'

/*
 * How much of the process the requests of one business may take. Requests, rows, characters and
 * steps are counted, and not time: under load everything takes longer, also what others ask for.
 * While the process has time left, or while no other business asks, nothing has to wait.
 */

/**
 * Milliseconds of a processor, measured: one row of Postgres, one character, one step of a rule.
 */
const msPer = { occurrences: 0.01, characters: 1 / 25_000, steps: 1 / 4000 }
const msPerRequest = 15

/** A fifth of a core for long, and fifty crowded pages before that. */
const msPerSecond = 200
const mostAhead = 3000
/** What was done while the process had time left is hardly paid for later, and alone not at all. */
const mostOwed = mostAhead + 10 * msPerSecond

type Work = Partial<Record<keyof typeof msPer, number>>
type Account = { ms: number; at: number }
/** Who asked last, and before that who else. */
type Asking = { last: Asked | null; other: Asked | null }
type Asked = { businessId: BusinessId; at: number }
/** `turns`: the last request of a business that waits. */
type Allowances = {
  accounts: Map<string, Account>
  turns: Map<string, Promise<void>>
  asking: Asking
  load: Load
}
type Load = { at: number; since: EventLoopUtilization | undefined; isBusy: boolean }

const allowances = () =>
  processSingleton(
    'allowances',
    (): Allowances => ({
      ...{ accounts: new Map(), turns: new Map(), asking: { last: null, other: null } },
      load: { at: Number.NEGATIVE_INFINITY, since: undefined, isBusy: false },
    }),
  )
const accounts = () => allowances().accounts

const owedBy = (businessId: BusinessId, now: number): number => {
  const { ms, at } = accounts().get(businessId) ?? { ms: 0, at: now }
  return Math.max(0, ms - ((now - at) / 1000) * msPerSecond)
}

/** Others that asked within this time need their share. */
const recentMs = 10_000

const noteAsking = (businessId: BusinessId, at: number): void => {
  const { asking } = allowances()
  if (asking.last?.businessId !== businessId) asking.other = asking.last
  asking.last = { businessId, at }
}

const isAlone = (businessId: BusinessId, now: number): boolean => {
  const { last, other } = allowances().asking
  const latest = last?.businessId === businessId ? other : last
  return latest === null || now - latest.at > recentMs
}

const busyFrom = 0.6
const sampleMs = 200

const isBusy = (): boolean => {
  const { load } = allowances()
  const at = performance.now()
  if (at - load.at < sampleMs) return load.isBusy
  const { utilization } = performance.eventLoopUtilization(load.since)
  Object.assign(load, { at, since: performance.eventLoopUtilization(), isBusy: utilization > busyFrom })
  return load.isBusy
}

export const costOf = ({ occurrences = 0, characters = 0, steps = 0 }: Work): number =>
  occurrences * msPer.occurrences + characters * msPer.characters + steps * msPer.steps

export const chargeMs = (businessId: BusinessId, ms: number, now = Date.now()): void => {
  if (accounts().size >= mostAccounts) dropPaid(now)
  const most = isAlone(businessId, now) ? mostAhead : mostOwed
  accounts().set(businessId, { ms: Math.min(owedBy(businessId, now) + ms, most), at: now })
}

/** How long the business has to wait before its next request. */
export const waitOf = (businessId: BusinessId, now = Date.now()): number => {
  const ahead = owedBy(businessId, now) - mostAhead
  return ahead > 0 && isBusy() ? (ahead / msPerSecond) * 1000 : 0
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export const untilAllowed = async (businessId: BusinessId): Promise<void> => {
  for (let wait = waitOf(businessId); wait > 0; wait = waitOf(businessId))
    await pause(Math.min(Math.ceil(wait), sampleMs))
}

/**
 * Charges a request, as soon as the business may go on; those that wait go one after another. `ms`:
 * without what it reads, which is charged when it is read.
 */
export const admit = async (businessId: BusinessId, ms = msPerRequest): Promise<void> => {
  const { turns } = allowances()
  noteAsking(businessId, Date.now())
  const before = turns.get(businessId)
  if (!before && waitOf(businessId) === 0) return chargeMs(businessId, ms)
  const turn = (before ?? Promise.resolve()).then(async () => {
    await untilAllowed(businessId)
    chargeMs(businessId, ms)
  })
  turns.set(businessId, turn)
  await turn
  if (turns.get(businessId) === turn) turns.delete(businessId)
}

const mostAccounts = 10_000

const dropPaid = (now: number) => {
  for (const id of accounts().keys()) if (owedBy(id as BusinessId, now) === 0) accounts().delete(id)
}
