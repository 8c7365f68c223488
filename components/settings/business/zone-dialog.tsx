'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { clockAndDay } from '#lib/business/zone-change.ts'

type ZoneDialogProps = {
  open: boolean
  from: string
  to: string
  next: { title: string; start: string } | null
  upcoming: number
  onConfirm: () => void
  onClose: () => void
}

/** What a change of zone does, before it is done. */
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
        {upcoming === 0 ? 'Appointments keep' : `All ${upcoming} upcoming appointments keep`} the moment they
        take place: nothing moves, here or in Google. Only the clock they are shown in changes.
      </li>
      {next && (
        <li>
          “{next.title}” at {clockAndDay(next.start, from)} will show as{' '}
          <b className="font-semibold text-ink">{clockAndDay(next.start, to)}</b>.
        </li>
      )}
      <li>Opening hours keep what their clock says, and mean the new zone from now on.</li>
    </ul>
  </Dialog>
)
