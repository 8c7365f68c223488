import { type MutationResult, mutate, openOutbox } from '#components/appointment/outbox/outbox.ts'
import type { toasts } from '#components/ui/toast.tsx'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import type { Appointment, AppointmentChange } from '#lib/appointments/schema.ts'
import type { PendingAppointment } from '#lib/appointments/todo/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'

/**
 * Changes made outside the form: each is sent, and its result shown as a toast or a question. Those
 * that only dialogs make are in files that are loaded with the dialogs.
 */

/** Sends what closed pages of the member have left. */
export const sendKeptChanges = (memberId: string) => openOutbox(memberId)

type ChangeRefused = Extract<ChangeAnswer, { ok: false }>
export type RefusedChange = { change: AppointmentChange; appointment: Appointment; answer: ChangeRefused }

type Success = { message: string; undo?: (row: Appointment) => void }

export type ChangeDeps = {
  zone: string
  members: ReadonlyMap<string, Member>
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
  // Of an earlier change whose answer came after this one was made.
  toast.withdraw(appointment.id)
  return toast.show({ message, action, about: appointment.id })
}

type Submission = {
  change: PendingChange['change']
  bookAnyway?: boolean
  /** As it was on screen. */
  appointment: Appointment | PendingAppointment
  success: Success
}

export const submit = async ({ change, bookAnyway = false, appointment, success }: Submission, deps: ChangeDeps) => {
  deps.toast.withdraw(appointment.id)
  const result = await mutate({ change, bookAnyway })
  if (result.ok === false && isQuestion(change, result) && 'status' in appointment)
    return deps.onQuestion({ change, appointment, answer: result })
  showResult(result, success, deps)
}

const asked = ['move', 'reassign', 'cancel']

const isQuestion = ({ kind }: AppointmentChange, { code, current }: ChangeRefused) =>
  code === 'clash' || (code === 'changed-elsewhere' && current !== undefined && asked.includes(kind))

/** Where a gesture puts an appointment. Without assignees they stay as they are. */
export type NewPlace = Span & { assigneeIds?: readonly string[] | undefined }

type Target = Pick<Appointment, 'id' | 'revision'>

const changeTo = ({ id, revision }: Target, { start, end, assigneeIds }: NewPlace) =>
  assigneeIds
    ? { kind: 'reassign' as const, id, revision, start, end, assigneeIds: [...assigneeIds] }
    : { kind: 'move' as const, id, revision, start, end }

/** "Mon 23 Nov, 9:30 – 11:00 am", after the assignees if they are given. */
export const placeInWords = (
  { start, end, assigneeIds }: NewPlace,
  { zone, members }: Pick<ChangeDeps, 'zone' | 'members'>,
): string => {
  const time = when(start, end, zone)
  if (!assigneeIds) return time
  return `${assigneeIds.map((id) => members.get(id)?.name ?? '').join(', ') || 'unassigned'}, ${time}`
}

/** Moves it, reassigns it, or both in one change, which **Undo** reverts as one. */
export const moveAppointment = (appointment: Appointment, to: NewPlace, deps: ChangeDeps) => {
  const { start, end, title, assigneeIds } = appointment
  const moveBack = (row: Appointment) =>
    void submit(
      {
        change: changeTo(row, { start, end, assigneeIds: to.assigneeIds && assigneeIds }),
        bookAnyway: appointment.overlapAllowed !== null,
        appointment: row,
        success: { message: `“${title}” is back ${to.assigneeIds ? 'as it was' : 'at its old time'}.` },
      },
      deps,
    )
  const message = `“${title}” is now ${to.assigneeIds?.length ? 'with ' : ''}${placeInWords(to, deps)}.`
  return submit({ change: changeTo(appointment, to), appointment, success: { message, undo: moveBack } }, deps)
}
