import { type ChangeAnswer, changeAppointment } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'

/** `kept`: the server cannot be reached; the change stays on the screen and is sent again, in order. */
export type Outcome = ChangeAnswer | { ok: 'kept' }

type Waiting = PendingChange & { told: boolean; tell: (outcome: Outcome) => void }

type Listener = { changed: () => void; answered: (answer: ChangeAnswer, change: PendingChange) => void }

const retryMs = 4000

let queue: Waiting[] = []
let seen: readonly PendingChange[] = []
let sending = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<Listener>()

const update = (next: Waiting[]) => {
  queue = next
  seen = next
  for (const { changed } of listeners) changed()
}

export const pendingChanges = () => seen

export const listenToPending = (listener: Listener) => {
  listeners.add(listener)
  window.addEventListener('online', send)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('online', send)
  }
}

/** Shows the change at once and sends it after those before it. */
export const submitChange = (change: Omit<PendingChange, 'key'>): Promise<Outcome> =>
  new Promise((tell) => {
    update([...queue, { ...change, key: crypto.randomUUID(), told: false, tell }])
    void send()
  })

const send = async () => {
  if (sending) return
  sending = true
  clearTimeout(timer)
  for (let next = queue[0]; next; next = queue[0]) {
    const answer = await ask(next)
    if (!answer) {
      keepAll()
      break
    }
    for (const { answered } of listeners) answered(answer, next)
    const { key, tell } = next
    update(queue.filter((each) => each.key !== key))
    tell(answer)
  }
  sending = false
  if (queue.length > 0) timer = setTimeout(send, retryMs)
}

/** Null when there was no answer. A change said twice is one change, so asking again is safe. */
const ask = async ({ change, bookAnyway }: PendingChange): Promise<ChangeAnswer | null> => {
  try {
    return await changeAppointment(change, { bookAnyway })
  } catch {
    return null
  }
}

const keepAll = () => {
  for (const each of queue.filter(({ told }) => !told)) each.tell({ ok: 'kept' })
  update(queue.map((each) => ({ ...each, told: true })))
}
