'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Appointment } from '#lib/appointments/schema.ts'
import { when } from '#lib/dates/format.ts'

type ChangedDialogProps = {
  /** Why the change was refused. */
  message: string
  current: Appointment
  /** Label of the button that makes the change anyway; null if it is no longer possible. */
  overwriteLabel: string | null
  zone: string
  onOverwrite: () => void
  onClose: () => void
}

/** Someone else changed the appointment first: shows it as it is now and offers to overwrite it. */
export default function ChangedDialog(props: ChangedDialogProps) {
  const { message, current, overwriteLabel, zone, onOverwrite, onClose } = props
  return (
    <Dialog
      open
      onClose={onClose}
      title="Changed by someone else"
      footer={
        <>
          {overwriteLabel && <Button onClick={onOverwrite}>{overwriteLabel}</Button>}
          <div className="grow" />
          <Button tone="primary" onClick={onClose}>
            Keep their version
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{message}</p>
      {current.status === 'booked' && (
        <p className="mt-2">
          It is now <b className="font-semibold">“{current.title}”</b>, {when(current.start, current.end, zone)}.
        </p>
      )}
    </Dialog>
  )
}
