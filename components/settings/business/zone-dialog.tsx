'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { clockOnDay } from '#lib/dates/format.ts'

type ZoneDialogProps = {
  open: boolean
  from: string
  to: string
  next: { title: string; start: string } | null
  upcoming: number
  onConfirm: () => void
  onClose: () => void
}

/** Explains what a change of time zone does before it is saved. */
export const ZoneDialog = ({ open, from, to, next, upcoming, onConfirm, onClose }: ZoneDialogProps) => (
  <Dialog
    open={open}
    onClose={onClose}
    title={`Change the time zone to ${to}?`}
    footer={
      <>
        <Button tone="primary" onClick={onConfirm}>
          Change time zone
        </Button>
        <Button onClick={onClose}>Keep {from}</Button>
      </>
    }
  >
    <ul className="list-disc space-y-1.5 pl-5 text-ink-2 marker:text-ink-3">
      <li>
        {upcoming === 0 ? 'Appointments' : `All ${upcoming} upcoming appointments`} still take place at the same moment,
        here and in Google. Only the time shown changes.
      </li>
      {next && (
        <li>
          “{next.title}” at {clockOnDay(next.start, from)} will be shown as{' '}
          <b className="font-semibold text-ink">{clockOnDay(next.start, to)}</b>.
        </li>
      )}
      <li>Opening hours keep their clock times, now in the new time zone.</li>
    </ul>
  </Dialog>
)
