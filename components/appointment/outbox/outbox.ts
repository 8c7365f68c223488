import { Temporal } from 'temporal-polyfill'
import { type ChangeAnswer, changeAppointment } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import { readOrphanedChanges, removeStoredChange, type StoredChange, storeChange } from './outbox-store.ts'

/**
 * Changes that the server has not acknowledged, sent one at a time in the order they were made. The
 * calendar replays them over the server's rows until the answer arrives.
 */

type ChangeRefused = Extract<ChangeAnswer, { ok: false }>
type PauseReason = 'no-connection' | 'signed-out' | 'too-many-bookings'

/** `queued`: the change could not be sent now; it stays on screen and is retried in order. */
export type MutationResult = ChangeAnswer | { ok: 'queued'; why: PauseReason }
export type SavedResult = Exclude<MutationResult, { ok: false }>

type Entry = Omit<StoredChange, 'page'> & {
  /** The caller of `mutate` has its result; a refusal after that is a late one. */
  resolved: boolean
  resolve: (result: MutationResult) => void
}

/** A queued change that was refused when it was finally sent. */
export type LateRefusal = PendingChange & { answer: ChangeRefused }

export type OutboxState = {
  changes: readonly PendingChange[]
  refusals: readonly LateRefusal[]
  /** Null while changes are being sent. */
  paused: PauseReason | null
}

type Listener = { changed: () => void; answered: (answer: ChangeAnswer, change: PendingChange) => void }

const retryMs = { usual: 4000, limited: 60_000 }

export const emptyOutbox: OutboxState = { changes: [], refusals: [], paused: null }

let owner = ''
let entries: Entry[] = []
let state = emptyOutbox
let sending = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<Listener>()

const update = (next: Entry[], paused = state.paused) => {
  entries = next
  state = {
    changes: next.filter(({ refused }) => !refused),
    refusals: next.flatMap(({ refused: answer, ...each }) => (answer ? [{ ...each, answer }] : [])),
    paused,
  }
  for (const { changed } of listeners) changed()
}

export const outboxState = () => state

export const subscribeToOutbox = (listener: Listener) => {
  listeners.add(listener)
  window.addEventListener('online', send)
  window.addEventListener('focus', send)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    window.removeEventListener('online', send)
    window.removeEventListener('focus', send)
  }
}

/** Opens the outbox of a member; changes left by their closed pages are sent first. */
export const openOutbox = async (memberId: string) => {
  if (owner === memberId) return
  owner = memberId
  entries = []
  const orphaned = await readOrphanedChanges(memberId)
  const adopted = orphaned.map((each) => ({ ...each, resolved: true, resolve: () => {} }))
  for (const each of adopted) store(each)
  update([...adopted, ...entries], null)
  void send()
}

/** Shows the change at once and sends it after the ones before it. */
export const mutate = (change: Omit<PendingChange, 'key'>): Promise<MutationResult> =>
  new Promise((resolve) => {
    const at = Temporal.Now.instant().epochMilliseconds
    const entry = { ...change, key: crypto.randomUUID(), at, refused: null, resolved: false, resolve }
    store(entry)
    update([...entries, entry])
    void send()
  })

/** Removes a late refusal that the user has seen. */
export const dismissRefusal = (key: string) => remove(key)

const store = ({ key, change, bookAnyway, at, refused }: Entry) =>
  storeChange(owner, { key, change, bookAnyway, at, refused })

const remove = (key: string) => {
  removeStoredChange(owner, key)
  update(entries.filter((each) => each.key !== key))
}

const firstUnsent = () => entries.find(({ refused }) => !refused)

const send = async () => {
  if (sending) return
  sending = true
  clearTimeout(timer)
  for (let next = firstUnsent(); next; next = firstUnsent()) {
    const answer = await post(next)
    const reason = pauseReason(answer)
    if (!answer || reason) {
      pause(reason ?? 'no-connection')
      break
    }
    applyAnswer(next.key, answer)
  }
  sending = false
  if (firstUnsent()) timer = setTimeout(send, state.paused === 'too-many-bookings' ? retryMs.limited : retryMs.usual)
}

/** Null without an answer. The server treats a repeated change as one, so retrying is safe. */
const post = async ({ change, bookAnyway }: PendingChange): Promise<ChangeAnswer | null> => {
  try {
    return await changeAppointment(change, { bookAnyway })
  } catch {
    return null
  }
}

const pauseReason = (answer: ChangeAnswer | null): PauseReason | null => {
  if (!answer) return 'no-connection'
  if (answer.ok || (answer.code !== 'signed-out' && answer.code !== 'too-many-bookings')) return null
  return answer.code
}

const applyAnswer = (key: string, answer: ChangeAnswer) => {
  const entry = entries.find((each) => each.key === key)
  if (!entry) return
  for (const { answered } of listeners) answered(answer, entry)
  if (!answer.ok && entry.resolved) {
    const refused = { ...entry, refused: answer }
    store(refused)
    update(
      entries.map((each) => (each.key === key ? refused : each)),
      null,
    )
  } else {
    state = { ...state, paused: null }
    remove(key)
  }
  entry.resolve(answer)
}

const pause = (why: PauseReason) => {
  for (const each of entries.filter(({ resolved }) => !resolved)) each.resolve({ ok: 'queued', why })
  update(
    entries.map((each) => ({ ...each, resolved: true })),
    why,
  )
}
