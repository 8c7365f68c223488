import { isOnlyHeld } from '#lib/availability/clash.ts'
import { type ChangeDeps, moveAppointment, type NewPlace, type RefusedChange, submit } from './changes.ts'
import { rebasedAssignees } from './rebased-assignees.ts'
import { cancelAppointment } from './status-changes.ts'

/** What people answer when a change was refused. */

/** Where a refused change wants an appointment; null if it does not move it. */
export const wantedPlace = ({ change, appointment, answer }: RefusedChange): NewPlace | null => {
  if (change.kind === 'move') return { start: change.start, end: change.end }
  if (change.kind !== 'reassign') return null
  const [before, wanted] = [appointment.assigneeIds, change.assigneeIds]
  const assigneeIds = rebasedAssignees(answer.current?.assigneeIds ?? before, { before, wanted })
  return { start: change.start, end: change.end, assigneeIds }
}

/** Repeats a change refused as `changed-elsewhere` on the current revision. */
export const overwrite = (refused: RefusedChange, deps: ChangeDeps) => {
  const { current } = refused.answer
  if (!current) return
  const to = wantedPlace(refused)
  return to ? moveAppointment(current, to, deps) : cancelAppointment(current, deps)
}

/** Repeats a change refused as `clash`, accepting the clashes. */
export const bookAnyway = ({ change, appointment, answer }: RefusedChange, deps: ChangeDeps) => {
  const { title } = appointment
  const message = isOnlyHeld(answer)
    ? `“${title}” is booked. Sophiie offers the caller another time.`
    : `“${title}” is booked despite the clash.`
  return submit({ change, bookAnyway: true, appointment, success: { message } }, deps)
}
