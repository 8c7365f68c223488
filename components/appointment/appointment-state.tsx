import { Icon } from '#components/ui/icon.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Appointment, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clock } from '#lib/dates/format.ts'
import { ClashList } from './clash-list.tsx'
import { syncSentence } from './describe.ts'

type AppointmentStateProps = {
  appointment: Appointment
  zone: string
  members: ReadonlyMap<string, Member>
}

/** Above the form: sync state, clashes, and whether the appointment is cancelled. */
export const AppointmentState = ({ appointment, zone, members }: AppointmentStateProps) => {
  const { sync, clashes, status, googleUnchecked, removedInGoogle } = appointment
  if (status === 'cancelled') return <Note tone="plain">This appointment is cancelled.</Note>
  return (
    <div className="space-y-2.5">
      {removedInGoogle && (
        <Note tone="bad">Removed in Google Calendar. It still blocks its time here: cancel it or put it back.</Note>
      )}
      {clashes.length > 0 && (
        <Note tone="bad">
          <p className="mb-1.5 font-medium">Clashes with</p>
          <ClashList clashes={clashes} clashCount={appointment.clashCount} members={members} zone={zone} />
        </Note>
      )}
      {googleUnchecked && <Note tone="wait">Google could not be checked when this was booked.</Note>}
      {!removedInGoogle && sync.state !== 'none' && <SyncLine sync={sync} zone={zone} />}
    </div>
  )
}

const SyncLine = ({ sync, zone }: { sync: SyncMark; zone: string }) => (
  <p className="flex items-center gap-1.5 text-sm text-ink-2">
    <span className="inline-block first-letter:uppercase">{syncSentence(sync, (since) => clock(since, zone))}</span>
    {sync.state === 'in-google' && sync.htmlLink && (
      <a href={sync.htmlLink} target="_blank" rel="noreferrer" className="inline-flex items-center gap-1 underline">
        Open in Google <Icon name="external" className="size-3" />
      </a>
    )}
  </p>
)
