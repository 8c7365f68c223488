import type { BusinessId } from '#db/business-id.ts'
import { processSingleton } from '#lib/process-singleton.ts'

/*
 * How much of the process the reads of one business may take. Rows, characters and steps are
 * counted, and not time: under load everything takes longer, also what others ask for.
 */

/** Milliseconds of a processor, measured: one row of Postgres, one character, one step of a rule. */
const msPer = { occurrences: 0.01, characters: 1 / 25_000, steps: 1 / 4000 }
/** Session, transaction and answer of a read without rows. */
export const msPerRead = 5

/** A quarter of a core for long, and a few of the widest reads before that. */
const msPerSecond = 250
const mostAhead = 4000

type Work = Partial<Record<keyof typeof msPer, number>>
type Account = { ms: number; at: number }

const accounts = () => processSingleton('read-allowances', (): { of: Map<string, Account> } => ({ of: new Map() })).of

const owedBy = (businessId: BusinessId, now: number): number => {
  const { ms, at } = accounts().get(businessId) ?? { ms: 0, at: now }
  return Math.max(0, ms - ((now - at) / 1000) * msPerSecond)
}

export const costOf = ({ occurrences = 0, characters = 0, steps = 0 }: Work): number =>
  occurrences * msPer.occurrences + characters * msPer.characters + steps * msPer.steps

export const chargeMs = (businessId: BusinessId, ms: number, now = Date.now()): void => {
  if (accounts().size >= mostAccounts) dropPaid(now)
  accounts().set(businessId, { ms: owedBy(businessId, now) + ms, at: now })
}

/** How long the business has to wait before its next read. */
export const waitOf = (businessId: BusinessId, now = Date.now()): number =>
  Math.max(0, ((owedBy(businessId, now) - mostAhead) / msPerSecond) * 1000)

const mostAccounts = 10_000

const dropPaid = (now: number) => {
  for (const id of accounts().keys()) if (owedBy(id as BusinessId, now) === 0) accounts().delete(id)
}
