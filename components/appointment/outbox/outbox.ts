import { Temporal } from 'temporal-polyfill'
import { type ChangeAnswer, changeAppointment } from '#lib/appointments/actions.ts'
import { type PendingChange, replay } from '#lib/appointments/replay.ts'
import { announceAnswer, outboxState, type PauseReason, setOutboxState } from './outbox-state.ts'
import { readOrphanedChanges, removeStoredChange, type StoredChange, storeChange } from './outbox-store.ts'

/**
 * Changes that the server has not acknowledged, sent one at a time in the order they were made. The
 * calendar replays them over the server's rows until the answer arrives.
 */

/** `queued`: the change could not be sent now; it stays on screen and is retried in order. */
export type MutationResult = ChangeAnswer | { ok: 'queued'; why: PauseReason }
export type SavedResult = Exclude<MutationResult, { ok: false }>

type Entry = Omit<StoredChange, 'page'> & {
  /** The caller of `mutate` has its result; a refusal after that is a late one. */
  resolved: boolean
  resolve: (result: MutationResult) => void
}

const retryMs = { usual: 4000, limited: 60_000 }

let owner = ''
let entries: Entry[] = []
let sending = false
let timer: ReturnType<typeof setTimeout> | undefined

const update = (next: Entry[], paused = outboxState().paused) => {
  entries = next
  const changes = next.filter(({ refused }) => !refused)
  setOutboxState({
    changes,
    refusals: next.flatMap(({ refused: answer, ...each }) =>
      answer ? [{ ...each, answer, dismiss: () => remove(each.key) }] : [],
    ),
    paused,
    replay: (rows) => replay(rows, changes),
  })
}

/** Opens the outbox of a member; changes left by their closed pages are sent first. */
export const openOutbox = async (memberId: string) => {
  if (owner === memberId) return
  // The page is the member's: changes made before it was opened are as well.
  const early = owner === '' ? entries : []
  for (const { key } of early) removeStoredChange(owner, key)
  owner = memberId
  entries = early
  for (const each of early) store(each)
  window.addEventListener('online', send)
  window.addEventListener('focus', send)
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

const store = ({ key, change, bookAnyway, at, refused }: Entry) =>
  storeChange(owner, { key, change, bookAnyway, at, refused })

const remove = (key: string, paused?: null) => {
  removeStoredChange(owner, key)
  update(
    entries.filter((each) => each.key !== key),
    paused,
  )
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
  if (firstUnsent())
    timer = setTimeout(send, outboxState().paused === 'too-many-bookings' ? retryMs.limited : retryMs.usual)
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
  announceAnswer(answer)
  if (!answer.ok && entry.resolved) {
    const refused = { ...entry, refused: answer }
    store(refused)
    update(
      entries.map((each) => (each.key === key ? refused : each)),
      null,
    )
  } else {
    remove(key, null)
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
