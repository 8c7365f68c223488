'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Hold } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { when } from '#lib/dates/format.ts'
import { heldSentence } from './describe.ts'

type HoldDialogProps = {
  hold: Hold
  members: ReadonlyMap<string, Member>
  zone: string
  onBook: (hold: Hold) => void
  onClose: () => void
}

/** A time that Sophiie keeps for a caller, and a way to book it all the same. */
export default function HoldDialog({ hold, members, zone, onBook, onClose }: HoldDialogProps) {
  const names = hold.memberIds.flatMap((id) => members.get(id)?.name ?? [])
  return (
    <Dialog
      open
      onClose={onClose}
      title={heldSentence(hold, zone)}
      footer={
        <>
          <Button onClick={() => onBook(hold)}>Book this time</Button>
          <div className="grow" />
          <Button tone="primary" onClick={onClose}>
            Leave it to Sophiie
          </Button>
        </>
      }
    >
      <p className="font-medium">{[when(hold.start, hold.end, zone), names.join(', ')].filter(Boolean).join(' · ')}</p>
      <p className="mt-2 text-ink-2">
        Sophiie keeps this time for a caller. It becomes an appointment when they book, or is free again by itself. If
        you book it, Sophiie offers the caller another time.
      </p>
    </Dialog>
  )
}
