'use client'
import { lazy, Suspense } from 'react'
import type { FormTarget } from '#components/appointment/appointment-dialog.tsx'
import type { SavedResult } from '#components/appointment/outbox/outbox.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { BusyTime, Hold, Occurrence } from '#lib/appointments/schema.ts'
import type { PendingAppointment, Todo } from '#lib/appointments/todo/schema.ts'
import { isOnlyHeld } from '#lib/availability/clash.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'
import {
  bookAnyway,
  type ChangeDeps,
  cancelAppointment,
  confirmAppointment,
  moveAppointment,
  overwrite,
  putBackAppointment,
  queuedMessages,
  type RefusedChange,
  reinstateAppointment,
} from './changes.ts'
import type { DisplayContext } from './grid/event-content.tsx'

// Loaded on first use, to keep forms and the combobox out of the page's first load.
const AppointmentDialog = lazy(() => import('#components/appointment/appointment-dialog.tsx'))
const GoogleEventDialog = lazy(() => import('#components/appointment/google-event-dialog.tsx'))
const BusyDialog = lazy(() => import('./busy-dialog.tsx'))
const ChangedDialog = lazy(() => import('#components/appointment/changed-dialog.tsx'))
const ClashDialog = lazy(() => import('#components/appointment/clash-dialog.tsx'))
const HoldDialog = lazy(() => import('#components/appointment/hold-dialog.tsx'))
const PendingDialog = lazy(() => import('./todo/pending-dialog.tsx'))
const KeysDialog = lazy(() => import('./navigation/keys-dialog.tsx'))

export type OpenDialog = (
  | { kind: 'form'; target: FormTarget }
  | { kind: 'google'; occurrence: Occurrence }
  | { kind: 'busy'; busy: BusyTime }
  | { kind: 'hold'; hold: Hold }
  | { kind: 'pending' }
  | { kind: 'refused'; refused: RefusedChange }
  | { kind: 'keys' }
) & {
  /** Key of the late refusal that the dialog shows, dismissed when it closes. */
  refusalKey?: string
}

type DialogsProps = {
  dialog: OpenDialog | null
  setup: CalendarSetup
  todo: Todo
  display: DisplayContext
  deps: ChangeDeps
  /** Opens the form for a new appointment. */
  onBook: (span: Span, assigneeIds: string[]) => void
  /** `appointmentId` is the appointment that the dialog was about. */
  onClose: (appointmentId?: string) => void
}

/** The dialog that is open over the calendar, if any. */
export const Dialogs = (props: DialogsProps) => (
  <Suspense>
    <CurrentDialog {...props} />
  </Suspense>
)

const CurrentDialog = ({ dialog, setup, todo, display, deps, onBook, onClose }: DialogsProps) => {
  const { zone, members } = display
  switch (dialog?.kind) {
    case 'keys':
      return <KeysDialog onClose={() => onClose()} />
    case 'google':
      return (
        <GoogleEventDialog
          occurrence={dialog.occurrence}
          members={members}
          guestless={guestlessName(setup, display)}
          zone={zone}
          onClose={() => onClose()}
        />
      )
    case 'busy':
      return <BusyDialog busy={dialog.busy} display={display} onClose={() => onClose()} />
    case 'hold':
      return (
        <HoldDialog
          hold={dialog.hold}
          members={members}
          zone={zone}
          onBook={({ start, end, memberIds }) => {
            onClose()
            onBook({ start, end }, memberIds)
          }}
          onClose={() => onClose()}
        />
      )
    case 'pending':
      return (
        <PendingDialog
          initial={todo}
          zone={zone}
          onConfirm={(appointment: PendingAppointment) => void confirmAppointment(appointment, deps)}
          onClose={() => onClose()}
        />
      )
    case 'refused': {
      const { refused } = dialog
      const close = () => onClose(refused.appointment.id)
      const Question = refused.answer.code === 'clash' ? ClashQuestion : ChangedQuestion
      return <Question refused={refused} display={display} deps={deps} onClose={close} />
    }
    case 'form':
      return <FormDialog target={dialog.target} setup={setup} deps={deps} onClose={onClose} />
    default:
      return null
  }
}

type FormDialogProps = Pick<DialogsProps, 'setup' | 'deps' | 'onClose'> & { target: FormTarget }

const FormDialog = ({ target, setup, deps, onClose }: FormDialogProps) => {
  const showSaved = useSavedToast(deps.zone)
  const id = target.kind === 'new' ? target.id : target.appointment.id
  return (
    <AppointmentDialog
      key={id}
      target={target}
      zone={deps.zone}
      members={setup.members}
      services={setup.services}
      isOwner={setup.role === 'owner'}
      onSaved={(result, isNew) => {
        onClose(id)
        showSaved(result, isNew)
      }}
      onCancel={(appointment) => {
        onClose(id)
        void cancelAppointment(appointment, deps)
      }}
      onPutBack={(appointment) => {
        onClose(id)
        const isCancelled = appointment.status === 'cancelled'
        void (isCancelled ? reinstateAppointment : putBackAppointment)(appointment, deps)
      }}
      onConfirm={(appointment) => {
        onClose(id)
        void confirmAppointment(appointment, deps)
      }}
      onClose={() => onClose(id)}
    />
  )
}

const useSavedToast = (zone: string) => {
  const toast = useToast()
  return (result: SavedResult, isNew: boolean) => {
    if (result.ok === 'queued') return toast.show({ message: queuedMessages[result.why] })
    const { id, title, start, end } = result.appointment
    toast.withdraw(id)
    toast.show({
      message: `“${title}” is ${isNew ? 'booked' : 'saved'}, ${when(start, end, zone)}.`,
      about: id,
    })
  }
}

const guestlessName = ({ guestlessBlocks }: CalendarSetup, { members }: DisplayContext) =>
  (guestlessBlocks && members.get(guestlessBlocks)?.name) || 'everyone'

type QuestionProps = {
  refused: RefusedChange
  display: DisplayContext
  deps: ChangeDeps
  onClose: () => void
}

const ChangedQuestion = ({ refused, display, deps, onClose }: QuestionProps) => {
  const { change, answer } = refused
  const { current } = answer
  if (!current) return null
  const label =
    change.kind === 'move' ? `Move it to ${when(change.start, change.end, display.zone)}` : 'Cancel it anyway'
  return (
    <ChangedDialog
      message={answer.message}
      current={current}
      overwriteLabel={current.status === 'booked' ? label : null}
      zone={display.zone}
      onOverwrite={() => {
        onClose()
        void overwrite(refused, deps)
      }}
      onClose={onClose}
    />
  )
}

const ClashQuestion = ({ refused, display, deps, onClose }: QuestionProps) => {
  const { appointment, answer } = refused
  return (
    <ClashDialog
      isOnlyHeld={isOnlyHeld(answer)}
      heading={answer.message.replace(/\.$/, '')}
      title={appointment.title}
      clashes={answer.clashes ?? []}
      clashCount={answer.clashCount ?? 0}
      alternatives={refused.change.kind === 'move' ? (answer.alternatives ?? []) : []}
      googleUnchecked={answer.googleUnchecked ?? false}
      zone={display.zone}
      members={display.members}
      onTake={(span) => {
        onClose()
        void moveAppointment(appointment, span, deps)
      }}
      onBookAnyway={() => {
        onClose()
        void bookAnyway(refused, deps)
      }}
      onClose={onClose}
    />
  )
}
