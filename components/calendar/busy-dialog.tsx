'use client'
import { type BusyContext, busyTitle } from '#components/appointment/describe.ts'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { BusyTime } from '#lib/appointments/schema.ts'
import { dateRange, when } from '#lib/dates/format.ts'

type BusyDialogProps = { busy: BusyTime; display: BusyContext; onClose: () => void }

/** Time that a calendar of a member's own blocks. Only the member gets to the event. */
export default function BusyDialog({ busy, display, onClose }: BusyDialogProps) {
  const { start, end, allDay, htmlLink, memberId } = busy
  const { zone, members, viewerId } = display
  const name = members.get(memberId)?.name ?? 'A former member'
  return (
    <Dialog
      open
      onClose={onClose}
      title={busyTitle(busy, display)}
      footer={
        <>
          {htmlLink && (
            <a href={htmlLink} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
              Open in Google Calendar
              <Icon name="external" className="size-3.5" />
            </a>
          )}
          <div className="grow" />
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      <p className="font-medium">{allDay ? `${dateRange(start, end)}, all day` : when(start, end, zone)}</p>
      <p className="mt-2 text-ink-2">
        {memberId === viewerId
          ? 'This time is blocked by a calendar of your own. Others see only that you are busy.'
          : `${name} is busy in a calendar of their own. Sophiie knows the time and nothing else.`}
      </p>
    </Dialog>
  )
}
