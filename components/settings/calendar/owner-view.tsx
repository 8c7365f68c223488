import { Note } from '#components/ui/note.tsx'
import { calendarSettings } from '#lib/connection/loaders.ts'
import { activeTeam } from '#lib/connection/team/loaders.ts'
import { BusinessCard, type Linked } from './business-card.tsx'
import { BusinessBusyCard } from './busy/business-busy-card.tsx'
import { ChooseCard } from './choose-card.tsx'
import { NotLinkedCard } from './not-linked-card.tsx'
import { OpenItems } from './open-items.tsx'
import { type Outcome, OutcomeNote } from './outcome-note.tsx'
import { PermissionsCard } from './permissions-card.tsx'
import { StatusNote } from './status-note.tsx'

type OwnerViewProps = {
  timeZone: string
  /** Of the callback, if it was for the business. */
  outcome: Outcome
  just: 'saved' | 'unlinked' | null
  changing: boolean
}

export const OwnerView = async ({ timeZone, outcome, just, changing }: OwnerViewProps) => {
  const [settings, team] = await Promise.all([calendarSettings(), activeTeam()])
  return (
    <>
      <OutcomeNote outcome={outcome} whose="business" chosen={settings.linked && settings.calendar !== null} />
      {settings.linked ? (
        <LinkedView linked={settings} team={team} timeZone={timeZone} saved={just === 'saved'} changing={changing} />
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

type Team = Awaited<ReturnType<typeof activeTeam>>

type LinkedViewProps = { linked: Linked; team: Team; timeZone: string; saved: boolean; changing: boolean }

const LinkedView = ({ linked, team, timeZone, saved, changing }: LinkedViewProps) => {
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
      <BusinessCard linked={linked} timeZone={timeZone} />
      {!calendar && <ChooseCard moving={null} />}
      {calendar && changing && <ChooseCard moving={linked.counts.upcoming} />}
      {calendar && <BusinessBusyCard saved={linked.busy} team={team} timeZone={timeZone} />}
      <OpenItems report={linked} whose="business" timeZone={timeZone} />
    </div>
  )
}
