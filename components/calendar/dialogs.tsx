'use client'
import dynamic from 'next/dynamic'
import type { FormTarget } from '#components/appointment/appointment-dialog.tsx'
import type { Outcome } from '#components/appointment/outbox.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment, Occurrence } from '#lib/appointments/schema.ts'
import { when } from '#lib/dates/format.ts'
import {
  type ChangeDeps,
  cancelAppointment,
  insist,
  moveAppointment,
  overrule,
  putBackAppointment,
  type Refused,
  reinstateAppointment,
} from './changes.ts'
import type { Seen } from './grid/event-content.tsx'

const AppointmentDialog = dynamic(() => import('#components/appointment/appointment-dialog.tsx'), {
  ssr: false,
})
const GoogleEventDialog = dynamic(() => import('#components/appointment/google-event-dialog.tsx'), {
  ssr: false,
})
const ChangedDialog = dynamic(() => import('#components/appointment/changed-dialog.tsx'), { ssr: false })
const ClashDialog = dynamic(() => import('#components/appointment/clash-dialog.tsx'), { ssr: false })
const KeysDialog = dynamic(() => import('./navigation/keys-dialog.tsx'), { ssr: false })

export type OpenDialog = (
  | { kind: 'form'; target: FormTarget }
  | { kind: 'google'; occurrence: Occurrence }
  | { kind: 'refused'; refused: Refused }
  | { kind: 'keys' }
) & {
  /** The late refusal it tells of, which is settled once it closes. */
  refusalKey?: string
}

type DialogsProps = {
  dialog: OpenDialog | null
  setup: CalendarSetup
  seen: Seen
  deps: ChangeDeps
  /** With the appointment that the dialog was about. */
  onClose: (appointmentId?: string) => void
}

/** Whatever is open over the calendar. Loaded when first needed. */
export const Dialogs = ({ dialog, setup, seen, deps, onClose }: DialogsProps) => {
  const { zone, members } = seen
  const onSaved = useSavedToast(zone)
  if (dialog?.kind === 'keys') return <KeysDialog onClose={() => onClose()} />
  if (dialog?.kind === 'google')
    return (
      <GoogleEventDialog
        {...{
          zone,
          members,
          onClose: () => onClose(),
          occurrence: dialog.occurrence,
          guestless: guestlessName(setup, seen),
        }}
      />
    )
  if (dialog?.kind === 'refused') {
    const { refused } = dialog
    const Question = refused.answer.code === 'clash' ? ClashOfMove : ChangedElsewhere
    return <Question {...{ refused, seen, deps, onClose: () => onClose(refused.appointment.id) }} />
  }
  if (dialog?.kind !== 'form') return null
  const { target } = dialog
  const id = target.kind === 'new' ? target.id : target.appointment.id
  const then =
    (act: (appointment: Appointment, deps: ChangeDeps) => Promise<void>) => (appointment: Appointment) => {
      onClose(id)
      void act(appointment, deps)
    }
  return (
    <AppointmentDialog
      key={id}
      target={target}
      zone={zone}
      members={setup.members}
      onSaved={(outcome, isNew) => {
        onClose(id)
        onSaved(outcome, isNew)
      }}
      onCancel={then(cancelAppointment)}
      onPutBack={then((row, by) =>
        (row.status === 'cancelled' ? reinstateAppointment : putBackAppointment)(row, by),
      )}
      onClose={() => onClose(id)}
    />
  )
}

const kept = {
  'no-connection': 'No connection. It is kept and will be saved as soon as there is one.',
  'signed-out': 'You are signed out. It is kept and will be saved when you have signed in.',
}

const useSavedToast = (zone: string) => {
  const toast = useToast()
  return (outcome: Exclude<Outcome, { ok: false }>, isNew: boolean) => {
    if (outcome.ok === 'kept') return toast.show({ message: kept[outcome.why] })
    const { id, title, start, end } = outcome.appointment
    toast.withdraw(id)
    toast.show({
      message: `“${title}” is ${isNew ? 'booked' : 'saved'}, ${when(start, end, zone)}.`,
      about: id,
    })
  }
}

const guestlessName = ({ guestlessBlocks }: CalendarSetup, { members }: Seen) =>
  (guestlessBlocks && members.get(guestlessBlocks)?.name) || 'everyone'

type QuestionProps = { refused: Refused; seen: Seen; deps: ChangeDeps; onClose: () => void }

const ChangedElsewhere = ({ refused, seen, deps, onClose }: QuestionProps) => {
  const { change, answer } = refused
  const { current } = answer
  if (!current) return null
  const possible = current.status === 'booked'
  const mine =
    change.kind === 'move'
      ? `Move it to ${when(change.start, change.end, seen.zone)}`
      : 'Cancel it all the same'
  return (
    <ChangedDialog
      {...{ message: answer.message, current, mine: possible ? mine : null, zone: seen.zone, onClose }}
      onMine={() => {
        onClose()
        void overrule(refused, deps)
      }}
    />
  )
}

const ClashOfMove = ({ refused, seen, deps, onClose }: QuestionProps) => {
  const { appointment, answer } = refused
  return (
    <ClashDialog
      title={appointment.title}
      clashes={answer.clashes ?? []}
      alternatives={refused.change.kind === 'move' ? (answer.alternatives ?? []) : []}
      zone={seen.zone}
      members={seen.members}
      onTake={(span) => {
        onClose()
        void moveAppointment(appointment, span, deps)
      }}
      onBookAnyway={() => {
        onClose()
        void insist(refused, deps)
      }}
      onClose={onClose}
    />
  )
}
