'use client'
import { AppointmentDialog, type FormTarget } from '#components/appointment/appointment-dialog.tsx'
import type { SavedResult } from '#components/appointment/outbox/outbox.ts'
import { useSeriesToasts } from '#components/series/use-series-toasts.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import { when } from '#lib/dates/format.ts'
import { type ChangeDeps, queuedMessages } from './changes.ts'
import { cancelAppointment, confirmAppointment, putBackAppointment, reinstateAppointment } from './status-changes.ts'

type FormDialogProps = {
  target: FormTarget
  setup: CalendarSetup
  deps: ChangeDeps
  onClose: (appointmentId: string) => void
}

/** The form, with what its buttons do. */
export default function FormDialog({ target, setup, deps, onClose }: FormDialogProps) {
  const showSaved = useSavedToast(deps.zone)
  const { showBooked } = useSeriesToasts()
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
      onBooked={(series, title) => {
        onClose(id)
        showBooked(series, title)
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
