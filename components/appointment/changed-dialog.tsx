'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Appointment } from '#lib/appointments/schema.ts'
import { when } from '#lib/dates/format.ts'

type ChangedDialogProps = {
  /** Why it was not done. */
  message: string
  current: Appointment
  /** What the person wanted to do, as words of a button; null when it cannot be done any more. */
  mine: string | null
  zone: string
  onMine: () => void
  onClose: () => void
}

/** Someone else was quicker: how it is now, and whether to do it all the same. Nothing is overwritten unasked. */
export default function ChangedDialog(props: ChangedDialogProps) {
  const { message, current, mine, zone, onMine, onClose } = props
  return (
    <Dialog
      open
      onClose={onClose}
      title="Changed meanwhile"
      footer={
        <>
          {mine && <Button onClick={onMine}>{mine}</Button>}
          <div className="grow" />
          <Button tone="primary" onClick={onClose}>
            Leave it like that
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{message}</p>
      {current.status === 'booked' && (
        <p className="mt-2">
          It is now <b className="font-semibold">“{current.title}”</b>,{' '}
          {when(current.start, current.end, zone)}.
        </p>
      )}
    </Dialog>
  )
}
