import { Note } from '#components/ui/note.tsx'
import { calendarSettings } from '#lib/connection/loaders.ts'
import { ChooseCard } from './choose-card.tsx'
import { ConnectionCard, type Linked } from './connection-card.tsx'
import { linkNotice } from './link-notice.ts'
import { NotLinkedCard } from './not-linked-card.tsx'
import { OpenItems } from './open-items.tsx'
import { PermissionsCard } from './permissions-card.tsx'
import { StatusNote } from './status-note.tsx'

type OwnerViewProps = {
  timeZone: string
  /** `?link=` and `?permission=` of the callback. */
  outcome: string | undefined
  permissions: string[]
  just: 'saved' | 'unlinked' | null
  changing: boolean
}

export const OwnerView = async ({ timeZone, outcome, permissions, just, changing }: OwnerViewProps) => {
  const settings = await calendarSettings()
  return (
    <>
      <OutcomeNote outcome={outcome} permissions={permissions} chosen={settings.linked && settings.calendar !== null} />
      {settings.linked ? (
        <LinkedView linked={settings} timeZone={timeZone} saved={just === 'saved'} changing={changing} />
      ) : (
        <>
          {just === 'unlinked' && (
            <Note role="status">
              <b className="font-semibold">Google is unlinked.</b> Events already in Google stay there and are no longer
              updated.
            </Note>
          )}
          <NotLinkedCard />
        </>
      )}
      <PermissionsCard missing={settings.linked ? settings.missingPermissions : null} />
    </>
  )
}

type OutcomeNoteProps = { outcome: string | undefined; permissions: string[]; chosen: boolean }

const OutcomeNote = ({ outcome, permissions, chosen }: OutcomeNoteProps) => {
  const notice = linkNotice(outcome, permissions)
  if (!notice || (outcome === 'linked' && chosen)) return null
  return (
    <Note tone={notice.tone} role={notice.tone === 'bad' ? 'alert' : 'status'}>
      {notice.sentence}
    </Note>
  )
}

type LinkedViewProps = { linked: Linked; timeZone: string; saved: boolean; changing: boolean }

const LinkedView = ({ linked, timeZone, saved, changing }: LinkedViewProps) => {
  const { status, calendar, missingPermissions } = linked
  return (
    <div data-status-shown className="space-y-4">
      {saved && calendar && status.state !== 'needs-attention' && (
        <Note role="status">
          <b className="font-semibold">Synchronization is active.</b> Appointments now go to{' '}
          <b className="font-semibold">{calendar.name}</b> of {linked.account}, and its events show in Sophiie.
        </Note>
      )}
      <StatusNote status={status} calendarName={calendar?.name ?? ''} missing={missingPermissions} />
      <ConnectionCard linked={linked} timeZone={timeZone} />
      {!calendar && <ChooseCard moving={null} />}
      {calendar && changing && <ChooseCard moving={linked.counts.upcoming} />}
      <OpenItems linked={linked} timeZone={timeZone} />
    </div>
  )
}
