import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'

/** Unsent changes in the browser's own storage, so that neither a reload nor a sign-in in between loses them. */

export type KeptChange = PendingChange & {
  /** Epoch milliseconds: the order in which they were made. */
  at: number
  /** The page that made it and, while it is open, sends it. */
  page: string
  /** Why the server would not have it; waits to be shown. */
  refused: Extract<ChangeAnswer, { ok: false }> | null
}

const thisPage = crypto.randomUUID()

const lockOf = (page: string) => `sophiie-page-${page}`

/** Held for as long as the page lives, and let go however it ends. */
let holding = false
const hold = () => {
  if (holding) return
  holding = true
  void navigator.locks?.request(lockOf(thisPage), () => new Promise(() => {}))
}

const prefix = (memberId: string) => `sophiie-pending-${memberId}-`

/** Storage may be full or forbidden; the page then still works from memory. */
const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work()
  } catch {
    return otherwise
  }
}

export const keepChange = (memberId: string, change: Omit<KeptChange, 'page'>) => {
  hold()
  const text = JSON.stringify({ ...change, page: thisPage })
  attempt(() => localStorage.setItem(prefix(memberId) + change.key, text), undefined)
}

export const forgetChange = (memberId: string, key: string) =>
  attempt(() => localStorage.removeItem(prefix(memberId) + key), undefined)

/** What this member's earlier pages left unsent, in the order it was made. Other pages still open keep theirs. */
export const adoptChanges = async (memberId: string): Promise<KeptChange[]> => {
  const open = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? []
  return attempt(() => readAll(memberId), [])
    .filter(({ page }) => page !== thisPage && !open.includes(lockOf(page)))
    .sort((a, b) => a.at - b.at)
}

const readAll = (memberId: string): KeptChange[] =>
  Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix(memberId)))
    .flatMap((name) => attempt(() => [JSON.parse(localStorage.getItem(name) ?? '') as KeptChange], []))
