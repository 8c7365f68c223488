import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Appointment, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clock } from '#lib/dates/format.ts'
import { ClashList } from './clash-list.tsx'
import { calendarSentence, removedSentence, syncSentence } from './describe.ts'

type AppointmentStateProps = {
  appointment: Appointment
  zone: string
  members: ReadonlyMap<string, Member>
  isOwner: boolean
  /** Null while there are unsaved changes. */
  onConfirm: (() => void) | null
}

/** Above the form: what is open about the appointment, who booked it, clashes and sync state. */
export const AppointmentState = ({ appointment, zone, members, isOwner, onConfirm }: AppointmentStateProps) => {
  const { sync, clashes, status, googleUnchecked, removedInGoogle, pending, byKey, callId } = appointment
  const bookedBy = byKey && <BookedBySophiie callId={callId} isOwner={isOwner} />
  if (status === 'cancelled')
    return (
      <div className="space-y-2.5">
        <Note tone="plain">This appointment is cancelled.</Note>
        {bookedBy}
      </div>
    )
  return (
    <div className="space-y-2.5">
      {pending && (
        <Note tone="wait" action={onConfirm && <Button onClick={onConfirm}>Confirm</Button>}>
          <p className="font-medium">Needs confirmation</p>
          <p>
            {googleUnchecked
              ? 'Google could not be checked when Sophiie booked this. Look whether the time is free.'
              : 'Sophiie told the caller that you will confirm it.'}
            {!onConfirm && ' Save your changes first.'}
          </p>
        </Note>
      )}
      {removedInGoogle && <Note tone="bad">{removedSentence(sync)}</Note>}
      {clashes.length > 0 && (
        <Note tone="bad">
          <p className="mb-1.5 font-medium">Clashes with</p>
          <ClashList clashes={clashes} clashCount={appointment.clashCount} members={members} zone={zone} />
        </Note>
      )}
      {googleUnchecked && !pending && <Note tone="wait">Google could not be checked when this was booked.</Note>}
      {bookedBy}
      {!removedInGoogle && (sync.state !== 'none' || sync.calendars) && <SyncLine sync={sync} zone={zone} />}
    </div>
  )
}

const BookedBySophiie = ({ callId, isOwner }: { callId: string | null; isOwner: boolean }) => (
  <p className="flex flex-wrap items-center gap-x-1.5 text-sm text-ink-2">
    <Icon name="headset" className="size-3.5" />
    Booked by Sophiie{callId !== null && ', call '}
    {callId !== null &&
      (isOwner ? (
        <Link
          href={`/settings/receptionist?call=${encodeURIComponent(callId)}#calls`}
          target="_blank"
          className="max-w-full truncate underline"
        >
          {callId}
        </Link>
      ) : (
        <span className="max-w-full truncate">{callId}</span>
      ))}
  </p>
)

const SyncLine = ({ sync, zone }: { sync: SyncMark; zone: string }) => (
  <>
    {sync.state !== 'none' && <MarkLine sync={sync} zone={zone} />}
    {sync.calendars && (
      <ul aria-label="Calendars" className="text-sm text-ink-2">
        {sync.calendars.map((mark) => (
          <li key={mark.memberId ?? ''}>{calendarSentence(mark)}</li>
        ))}
      </ul>
    )}
  </>
)

const MarkLine = ({ sync, zone }: { sync: SyncMark; zone: string }) => (
  <p className="flex items-center gap-1.5 text-sm text-ink-2">
    <span className="inline-block first-letter:uppercase">{syncSentence(sync, (since) => clock(since, zone))}</span>
    {sync.state === 'in-google' && sync.htmlLink && (
      <a href={sync.htmlLink} target="_blank" rel="noreferrer" className="inline-flex items-center gap-1 underline">
        Open in Google <Icon name="external" className="size-3" />
      </a>
    )}
  </p>
)
