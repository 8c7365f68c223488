import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'

/** The outbox in `localStorage`, so that neither a reload nor a sign-in loses unsent changes. */

export type StoredChange = PendingChange & {
  /** Epoch milliseconds; changes are sent in this order. */
  at: number
  /** The page that made the change and sends it while it is open. */
  page: string
  /** The server's refusal, until the user has seen it. */
  refused: Extract<ChangeAnswer, { ok: false }> | null
}

const thisPage = crypto.randomUUID()

const lockOf = (page: string) => `sophiie-page-${page}`

/** A Web Lock shows other pages that this one is open; the browser releases it on any exit. */
let hasPageLock = false
const lockPage = () => {
  if (hasPageLock) return
  hasPageLock = true
  void navigator.locks?.request(lockOf(thisPage), () => new Promise(() => {}))
}

const prefix = (memberId: string) => `sophiie-outbox-${memberId}-`

/** Storage may be full or blocked; the page then works from memory alone. */
const attempt = <T>(work: () => T, fallback: T): T => {
  try {
    return work()
  } catch {
    return fallback
  }
}

export const storeChange = (memberId: string, change: Omit<StoredChange, 'page'>) => {
  lockPage()
  const text = JSON.stringify({ ...change, page: thisPage })
  attempt(() => localStorage.setItem(prefix(memberId) + change.key, text), undefined)
}

export const removeStoredChange = (memberId: string, key: string) =>
  attempt(() => localStorage.removeItem(prefix(memberId) + key), undefined)

/** The member's changes left by closed pages, oldest first. Open pages keep theirs. */
export const readOrphanedChanges = async (memberId: string): Promise<StoredChange[]> => {
  const open = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? []
  return attempt(() => readAll(memberId), [])
    .filter(({ page }) => page !== thisPage && !open.includes(lockOf(page)))
    .sort((a, b) => a.at - b.at)
}

const readAll = (memberId: string): StoredChange[] =>
  Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix(memberId)))
    .flatMap((name) => attempt(() => [JSON.parse(localStorage.getItem(name) ?? '') as unknown], []))
    .filter(isStoredChange)

/** Checks what the page itself reads of a change, which another version may have stored. */
export const isStoredChange = (value: unknown): value is StoredChange => {
  if (!isRecord(value) || !isRecord(value.change)) return false
  const { key, at, page, change } = value
  const hasFields = change.kind === 'create' || change.kind === 'edit'
  return (
    [key, page, change.kind, change.id].every((each) => typeof each === 'string') &&
    typeof at === 'number' &&
    (!hasFields || (isRecord(change.fields) && Array.isArray(change.fields.assigneeIds))) &&
    (change.kind !== 'reassign' || Array.isArray(change.assigneeIds))
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
