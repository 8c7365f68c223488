import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import type { Appointment } from '#lib/appointments/schema.ts'

/** What is shown of the outbox. The outbox itself is loaded after the first view. */

type ChangeRefused = Extract<ChangeAnswer, { ok: false }>
export type PauseReason = 'no-connection' | 'signed-out' | 'too-many-bookings'

/** A queued change that was refused when it was finally sent. */
export type LateRefusal = PendingChange & {
  answer: ChangeRefused
  /** To be called when the user has seen it. */
  dismiss: () => void
}

export type OutboxState = {
  changes: readonly PendingChange[]
  refusals: readonly LateRefusal[]
  /** Null while changes are being sent. */
  paused: PauseReason | null
  /** The server's rows with the changes applied in order. */
  replay: (rows: readonly Appointment[]) => readonly Appointment[]
}

export const emptyOutbox: OutboxState = { changes: [], refusals: [], paused: null, replay: (rows) => rows }

type Listener = { changed: () => void; answered: (answer: ChangeAnswer) => void }

let state = emptyOutbox
const listeners = new Set<Listener>()

export const outboxState = () => state

export const subscribeToOutbox = (listener: Listener) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const setOutboxState = (next: OutboxState) => {
  state = next
  for (const { changed } of listeners) changed()
}

/** Called before the change leaves the state, so that its row can take its place. */
export const announceAnswer = (answer: ChangeAnswer) => {
  for (const { answered } of listeners) answered(answer)
}
