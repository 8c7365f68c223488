import { type MutationResult, mutate } from '#components/appointment/outbox/outbox.ts'
import type { toasts } from '#components/ui/toast.tsx'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import type { Appointment, AppointmentChange } from '#lib/appointments/schema.ts'
import type { PendingAppointment } from '#lib/appointments/todo/schema.ts'
import { isOnlyHeld } from '#lib/availability/clash.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'

/** Changes made outside the form: each is sent, and its result shown as a toast or a question. */

type ChangeRefused = Extract<ChangeAnswer, { ok: false }>
export type RefusedChange = { change: AppointmentChange; appointment: Appointment; answer: ChangeRefused }

type Success = { message: string; undo?: (row: Appointment) => void }

export type ChangeDeps = {
  zone: string
  toast: typeof toasts
  /** Called on a clash or a change by someone else, which needs a decision instead of a toast. */
  onQuestion: (refused: RefusedChange) => void
}

export const queuedMessages = {
  'no-connection': 'No connection. Your change is kept and will be sent when you are back online.',
  'signed-out': 'You are signed out. Your change is kept and will be sent when you sign in.',
  'too-many-bookings': 'You have booked very often within an hour. Your change is kept and will be sent later.',
}

const showResult = (result: MutationResult, { message, undo }: Success, { toast }: ChangeDeps) => {
  if (result.ok === 'queued') return toast.show({ message: queuedMessages[result.why] })
  if (!result.ok) return toast.show({ message: result.message, tone: 'bad' })
  const { appointment } = result
  const action = undo && { label: 'Undo', onPress: () => undo(appointment) }
  return toast.show({ message, action, about: appointment.id })
}

type Submission = {
  change: PendingChange['change']
  bookAnyway?: boolean
  /** As it was on screen. */
  appointment: Appointment | PendingAppointment
  success: Success
}

const submit = async ({ change, bookAnyway = false, appointment, success }: Submission, deps: ChangeDeps) => {
  deps.toast.withdraw(appointment.id)
  const result = await mutate({ change, bookAnyway })
  if (result.ok === false && isQuestion(change, result) && 'status' in appointment)
    return deps.onQuestion({ change, appointment, answer: result })
  showResult(result, success, deps)
}

const isQuestion = ({ kind }: AppointmentChange, { code, current }: ChangeRefused) =>
  code === 'clash' || (code === 'changed-elsewhere' && current !== undefined && (kind === 'move' || kind === 'cancel'))

export const moveAppointment = (appointment: Appointment, to: Span, deps: ChangeDeps) => {
  const { id, revision, start, end, title } = appointment
  const moveBack = (row: Appointment) =>
    void submit(
      {
        change: { kind: 'move', id, revision: row.revision, start, end },
        bookAnyway: appointment.overlapAllowed !== null,
        appointment: row,
        success: { message: `“${title}” is back at its old time.` },
      },
      deps,
    )
  const message = `“${title}” is now ${when(to.start, to.end, deps.zone)}.`
  const change = { kind: 'move' as const, id, revision, ...to }
  return submit({ change, appointment, success: { message, undo: moveBack } }, deps)
}

export const cancelAppointment = (appointment: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'cancel', id: appointment.id, revision: appointment.revision },
      appointment,
      success: {
        message: `“${appointment.title}” is cancelled.`,
        undo: (row) => void reinstateAppointment(row, deps),
      },
    },
    deps,
  )

export const reinstateAppointment = (row: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'reinstate', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is booked again.` },
    },
    deps,
  )

export const putBackAppointment = (row: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'put-back', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is being put back into Google Calendar.` },
    },
    deps,
  )

/** Confirms a pending appointment, which cannot be undone. */
export const confirmAppointment = (row: Appointment | PendingAppointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'confirm', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is confirmed.` },
    },
    deps,
  )

/** Repeats a change refused as `changed-elsewhere` on the current revision. */
export const overwrite = ({ change, answer }: RefusedChange, deps: ChangeDeps) => {
  const { current } = answer
  if (!current) return
  if (change.kind === 'move') return moveAppointment(current, { start: change.start, end: change.end }, deps)
  return cancelAppointment(current, deps)
}

/** Repeats a change refused as `clash`, accepting the clashes. */
export const bookAnyway = ({ change, appointment, answer }: RefusedChange, deps: ChangeDeps) => {
  const { title } = appointment
  const message = isOnlyHeld(answer)
    ? `“${title}” is booked. Sophiie offers the caller another time.`
    : `“${title}” is booked despite the clash.`
  return submit({ change, bookAnyway: true, appointment, success: { message } }, deps)
}
