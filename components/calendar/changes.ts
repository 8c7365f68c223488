import { type Outcome, submitChange } from '#components/appointment/outbox.ts'
import type { toasts } from '#components/ui/toast.tsx'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import type { PendingChange } from '#lib/appointments/replay.ts'
import type { Appointment, AppointmentChange } from '#lib/appointments/schema.ts'
import { when } from '#lib/dates/format.ts'

type RefusedAnswer = Extract<ChangeAnswer, { ok: false }>
export type Refused = { change: AppointmentChange; appointment: Appointment; answer: RefusedAnswer }

type Said = { message: string; undo?: (row: Appointment) => void }

export type ChangeDeps = {
  zone: string
  toast: typeof toasts
  /** A clash, or a change by someone else, is a question and not a message. */
  onQuestion: (refused: Refused) => void
}

const kept = {
  'no-connection': 'No connection. The change is kept and will be sent as soon as there is one.',
  'signed-out': 'You are signed out. The change is kept and will be sent when you have signed in.',
}

/** Says in a toast how a change went, with **Undo** where there is one. */
const settle = (outcome: Outcome, said: Said, { toast }: ChangeDeps) => {
  if (outcome.ok === 'kept') toast.show({ message: kept[outcome.why] })
  else if (!outcome.ok) toast.show({ message: outcome.message, tone: 'bad' })
  else {
    const { undo } = said
    const { appointment } = outcome
    const action = undo && { label: 'Undo', onPress: () => undo(appointment) }
    toast.show({ message: said.message, action, about: appointment.id })
  }
}

const ask = async (
  { change, bookAnyway = false }: Omit<PendingChange, 'key' | 'bookAnyway'> & { bookAnyway?: boolean },
  { appointment, said, deps }: { appointment: Appointment; said: Said; deps: ChangeDeps },
) => {
  deps.toast.withdraw(appointment.id)
  const outcome = await submitChange({ change, bookAnyway })
  if (outcome.ok === false && isQuestion(change, outcome))
    return deps.onQuestion({ change, appointment, answer: outcome })
  settle(outcome, said, deps)
}

const isQuestion = ({ kind }: AppointmentChange, { code, current }: RefusedAnswer) =>
  code === 'clash' ||
  (code === 'changed-elsewhere' && current !== undefined && (kind === 'move' || kind === 'cancel'))

export type MoveTo = { start: string; end: string }

export const moveAppointment = (
  appointment: Appointment,
  to: MoveTo,
  deps: ChangeDeps & { bookAnyway?: boolean },
) => {
  const { id, revision, start, end, title } = appointment
  const change = { kind: 'move', id, revision, ...to } as const
  const back = (row: Appointment) =>
    void ask(
      {
        change: { kind: 'move', id, revision: row.revision, start, end },
        bookAnyway: appointment.overlapAllowed !== null,
      },
      { appointment: row, said: { message: `“${title}” is back where it was.` }, deps },
    )
  const message = `“${title}” is now ${when(to.start, to.end, deps.zone)}.`
  return ask({ change, bookAnyway: deps.bookAnyway }, { appointment, said: { message, undo: back }, deps })
}

export const cancelAppointment = (appointment: Appointment, deps: ChangeDeps) =>
  ask(
    { change: { kind: 'cancel', id: appointment.id, revision: appointment.revision } },
    {
      appointment,
      said: {
        message: `“${appointment.title}” is cancelled.`,
        undo: (row) => void reinstateAppointment(row, deps),
      },
      deps,
    },
  )

export const reinstateAppointment = (row: Appointment, deps: ChangeDeps) =>
  ask(
    { change: { kind: 'reinstate', id: row.id, revision: row.revision } },
    { appointment: row, said: { message: `“${row.title}” is booked again.` }, deps },
  )

export const putBackAppointment = (row: Appointment, deps: ChangeDeps) =>
  ask(
    { change: { kind: 'put-back', id: row.id, revision: row.revision } },
    { appointment: row, said: { message: `“${row.title}” is being put back into Google Calendar.` }, deps },
  )

/** The same change again, now knowing how the appointment has become. */
export const overrule = ({ change, answer }: Refused, deps: ChangeDeps) => {
  const { current } = answer
  if (!current) return
  if (change.kind === 'move') return moveAppointment(current, { start: change.start, end: change.end }, deps)
  return cancelAppointment(current, deps)
}

/** The same change again, now knowing what it clashes with. */
export const insist = ({ change, appointment }: Refused, deps: ChangeDeps) => {
  const message = `“${appointment.title}” is booked, over what it clashes with.`
  return ask({ change, bookAnyway: true }, { appointment, said: { message }, deps })
}
