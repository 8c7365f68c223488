'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Appointment } from '#lib/appointments/schema.ts'

type ChangedDialogProps = {
  /** Why the change was refused. */
  message: string
  current: Appointment
  /** When it is now, and with whom if that is in question. */
  place: string
  /** Label of the button that makes the change anyway; null if it is no longer possible. */
  overwriteLabel: string | null
  onOverwrite: () => void
  onClose: () => void
}

/** Someone else changed the appointment first: shows it as it is now and offers to overwrite it. */
export const ChangedDialog = (props: ChangedDialogProps) => {
  const { message, current, place, overwriteLabel, onOverwrite, onClose } = props
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
          It is now <b className="font-semibold">“{current.title}”</b>, {place}.
        </p>
      )}
    </Dialog>
  )
}
