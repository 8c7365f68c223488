import { Temporal } from 'temporal-polyfill'
import { type ChangeAnswer, changeAppointment } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import { adoptChanges, forgetChange, type KeptChange, keepChange } from './outbox-store.ts'

type Refusal = Extract<ChangeAnswer, { ok: false }>
type WhyKept = 'no-connection' | 'signed-out'

/** `kept`: there is nobody to take it now; the change stays on the screen and is sent again, in order. */
export type Outcome = ChangeAnswer | { ok: 'kept'; why: WhyKept }

type Waiting = Omit<KeptChange, 'page'> & { told: boolean; tell: (outcome: Outcome) => void }

/** A kept change that was refused when it was sent at last: nobody waits for the answer any more. */
export type LateRefusal = PendingChange & { answer: Refusal }

export type PendingState = {
  changes: readonly PendingChange[]
  refusals: readonly LateRefusal[]
  /** Why changes are kept, not sent. */
  held: WhyKept | null
}

type Listener = { changed: () => void; answered: (answer: ChangeAnswer, change: PendingChange) => void }

const retryMs = 4000

export const nothingPending: PendingState = { changes: [], refusals: [], held: null }

let owner = ''
let queue: Waiting[] = []
let seen = nothingPending
let sending = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<Listener>()

const update = (next: Waiting[], held = seen.held) => {
  queue = next
  seen = {
    changes: next.filter(({ refused }) => !refused),
    refusals: next.flatMap(({ refused: answer, ...each }) => (answer ? [{ ...each, answer }] : [])),
    held,
  }
  for (const { changed } of listeners) changed()
}

export const pendingState = () => seen

export const listenToPending = (listener: Listener) => {
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

/** Whose changes these are; what earlier pages of the same member left unsent goes first. */
export const resumePending = async (memberId: string) => {
  if (owner === memberId) return
  owner = memberId
  queue = []
  const adopted = await adoptChanges(memberId)
  const left = adopted.map((each) => ({ ...each, told: true, tell: () => {} }))
  for (const each of left) remember(each)
  update([...left, ...queue], null)
  void send()
}

/** Shows the change at once and sends it after those before it. */
export const submitChange = (change: Omit<PendingChange, 'key'>): Promise<Outcome> =>
  new Promise((tell) => {
    const at = Temporal.Now.instant().epochMilliseconds
    const waiting = { ...change, key: crypto.randomUUID(), at, refused: null, told: false, tell }
    remember(waiting)
    update([...queue, waiting])
    void send()
  })

/** Somebody has seen it, and is done with it. */
export const takeRefusal = (key: string) => drop(key)

const remember = ({ key, change, bookAnyway, at, refused }: Waiting) =>
  keepChange(owner, { key, change, bookAnyway, at, refused })

const drop = (key: string) => {
  forgetChange(owner, key)
  update(queue.filter((each) => each.key !== key))
}

const firstUnsent = () => queue.find(({ refused }) => !refused)

const send = async () => {
  if (sending) return
  sending = true
  clearTimeout(timer)
  for (let next = firstUnsent(); next; next = firstUnsent()) {
    const answer = await ask(next)
    const why = whyKept(answer)
    if (!answer || why) {
      keepAll(why ?? 'no-connection')
      break
    }
    settle(next.key, answer)
  }
  sending = false
  if (firstUnsent()) timer = setTimeout(send, retryMs)
}

/** Null when there was no answer. A change said twice is one change, so asking again is safe. */
const ask = async ({ change, bookAnyway }: PendingChange): Promise<ChangeAnswer | null> => {
  try {
    return await changeAppointment(change, { bookAnyway })
  } catch {
    return null
  }
}

const whyKept = (answer: ChangeAnswer | null): WhyKept | null => {
  if (!answer) return 'no-connection'
  return !answer.ok && answer.code === 'signed-out' ? 'signed-out' : null
}

const settle = (key: string, answer: ChangeAnswer) => {
  const change = queue.find((each) => each.key === key)
  if (!change) return
  for (const { answered } of listeners) answered(answer, change)
  if (!answer.ok && change.told) {
    const refused = { ...change, refused: answer }
    remember(refused)
    update(
      queue.map((each) => (each.key === key ? refused : each)),
      null,
    )
  } else {
    seen = { ...seen, held: null }
    drop(key)
  }
  change.tell(answer)
}

const keepAll = (why: WhyKept) => {
  for (const each of queue.filter(({ told }) => !told)) each.tell({ ok: 'kept', why })
  update(
    queue.map((each) => ({ ...each, told: true })),
    why,
  )
}
