'use client'
import { lazy, Suspense, useState } from 'react'
import { AppointmentDialog, type FormTarget } from '#components/appointment/appointment-dialog.tsx'
import type { SavedResult } from '#components/appointment/outbox/outbox.ts'
import { useSeriesToasts } from '#components/series/use-series-toasts.ts'
import { isVisit, type SeriesQuestion } from '#components/series/visit.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import { when } from '#lib/dates/format.ts'
import { type ChangeDeps, queuedMessages } from './changes.ts'
import { cancelAppointment, confirmAppointment, putBackAppointment, reinstateAppointment } from './status-changes.ts'

const ScopeDialog = lazy(() => import('#components/series/scope-dialog.tsx'))

type FormDialogProps = {
  target: FormTarget
  setup: CalendarSetup
  deps: ChangeDeps
  onClose: (appointmentId: string) => void
}

/** The form, with what its buttons do. */
export default function FormDialog({ target, setup, deps, onClose }: FormDialogProps) {
  const showSaved = useSavedToast(deps.zone)
  const { showBooked, showRepeats } = useSeriesToasts()
  const id = target.kind === 'new' ? target.id : target.appointment.id
  const [question, setQuestion] = useState<SeriesQuestion | null>(null)
  const cancel = (appointment: Appointment) => {
    onClose(id)
    void cancelAppointment(appointment, deps)
  }
  return (
    <>
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
        onBooked={async (series, title) => {
          await (target.kind === 'new' ? showBooked : showRepeats)(series, title)
          onClose(id)
        }}
        onAskSeries={setQuestion}
        onCancel={(appointment) => {
          if (!isVisit(appointment)) return cancel(appointment)
          setQuestion({ visit: appointment, change: { kind: 'cancel' }, onThis: () => cancel(appointment) })
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
      {question && (
        <Suspense>
          <ScopeDialog
            visit={question.visit}
            change={question.change}
            zone={deps.zone}
            onThis={() => {
              setQuestion(null)
              question.onThis()
            }}
            onChanged={() => onClose(id)}
            onClose={() => setQuestion(null)}
          />
        </Suspense>
      )}
    </>
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
