'use client'
import { lazy, Suspense } from 'react'
import type { FormTarget } from '#components/appointment/appointment-dialog.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment, BusyTime, Hold, Occurrence } from '#lib/appointments/schema.ts'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import type { ChangeDeps, NewPlace, RefusedChange } from './changes.ts'
import type { DisplayContext } from './grid/event-content.tsx'

// Loaded on first use, to keep forms and the combobox out of the page's first load.
const FormDialog = lazy(() => import('./form-dialog.tsx'))
const GoogleEventDialog = lazy(() => import('#components/appointment/google-event-dialog.tsx'))
const RefusedDialog = lazy(() => import('./refused-dialog.tsx'))
const BusyDialog = lazy(() => import('./busy-dialog.tsx'))
const HoldDialog = lazy(() => import('#components/appointment/hold-dialog.tsx'))
const PendingDialog = lazy(() => import('./todo/pending-dialog.tsx'))
const MoveDialog = lazy(() => import('./series/move-dialog.tsx'))
const VisitsDialog = lazy(() => import('./series/visits-dialog.tsx'))
const KeysDialog = lazy(() => import('./navigation/keys-dialog.tsx'))

export type OpenDialog = (
  | { kind: 'form'; target: FormTarget }
  | { kind: 'google'; occurrence: Occurrence }
  | { kind: 'busy'; busy: BusyTime }
  | { kind: 'hold'; hold: Hold }
  | { kind: 'pending' }
  | { kind: 'move'; appointment: Appointment; to: NewPlace }
  | { kind: 'visits' }
  | { kind: 'refused'; refused: RefusedChange }
  | { kind: 'keys' }
) & {
  /** Of the late refusal that the dialog shows; called when it closes. */
  dismiss?: () => void
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
        <GoogleEventDialog occurrence={dialog.occurrence} members={members} zone={zone} onClose={() => onClose()} />
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
      return <PendingDialog initial={todo} deps={deps} onClose={() => onClose()} />
    case 'move':
      return (
        <MoveDialog
          visit={dialog.appointment}
          to={dialog.to}
          deps={deps}
          onClose={() => onClose(dialog.appointment.id)}
        />
      )
    case 'visits':
      return <VisitsDialog initial={todo} zone={deps.zone} onClose={() => onClose()} />
    case 'refused':
      return (
        <RefusedDialog refused={dialog.refused} deps={deps} onClose={() => onClose(dialog.refused.appointment.id)} />
      )
    case 'form':
      return <FormDialog target={dialog.target} setup={setup} deps={deps} onClose={onClose} />
    default:
      return null
  }
}
