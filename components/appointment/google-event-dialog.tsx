'use client'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import type { Occurrence } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { dateRange, when } from '#lib/dates/format.ts'
import { blockingSentence } from './describe.ts'
import { htmlToText } from './description/html-to-text.ts'
import { linkedText } from './description/linked-text.ts'

type GoogleEventDialogProps = {
  occurrence: Occurrence
  members: ReadonlyMap<string, Member>
  zone: string
  onClose: () => void
}

/** A Google event, read-only: its details, whether it blocks time, a link to edit it. */
export default function GoogleEventDialog(props: GoogleEventDialogProps) {
  const { occurrence, members, zone, onClose } = props
  const { title, start, end, allDay, location, description, recurring, htmlLink } = occurrence
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          {htmlLink && (
            <a href={htmlLink} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
              Edit in Google Calendar
              <Icon name="external" className="size-3.5" />
            </a>
          )}
          <div className="grow" />
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      <dl className="space-y-2.5">
        <Fact icon="clock" name="When">
          {allDay ? `${dateRange(start, end)}, all day` : when(start, end, zone)}
          {recurring && <span className="text-ink-2"> · repeats</span>}
        </Fact>
        {location && (
          <Fact icon="pin" name="Where">
            <LinkedText text={location} />
          </Fact>
        )}
        <Fact icon="lock" name="Locked">
          This event belongs to Google Calendar. Sophiie never changes it. {blockingSentence(occurrence, members)}
        </Fact>
      </dl>
      {description && (
        <p className="mt-3 max-h-60 overflow-y-auto border-t border-line pt-3 break-words whitespace-pre-line text-ink-2">
          <LinkedText text={htmlToText(description)} />
        </p>
      )}
    </Dialog>
  )
}

const LinkedText = ({ text }: { text: string }) =>
  linkedText(text).map(({ text: shown, href }, at) =>
    href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <a key={at} href={href} target="_blank" rel="noopener noreferrer" className="break-all underline">
        {shown}
      </a>
    ) : (
      shown
    ),
  )

const Fact = ({ icon, name, children }: { icon: IconName; name: string; children: React.ReactNode }) => (
  <div className="flex gap-2.5">
    <dt>
      <Icon name={icon} className="mt-[3px] size-3.5 text-ink-2" />
      <span className="sr-only">{name}</span>
    </dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
)
