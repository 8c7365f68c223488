import type { ReactNode } from 'react'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Note } from '#components/ui/note.tsx'
import type { MyLinked } from '#lib/connection/mine/schema.ts'
import type { BusyCalendar } from '#lib/connection/schema.ts'
import type { PersonalKind } from '#lib/google/failure-kind.ts'
import { whyWaiting } from '#lib/google/failure-words.ts'
import { ApproveDeletionButton } from '../action-button.tsx'
import { permissionNames } from '../permissions.ts'
import { ReconnectButton } from '../reconnect-button.tsx'

/** What is wrong with the member's own calendars, each kind once, with the button that fixes it. */
export const MyStatusNotes = ({ linked }: { linked: MyLinked }) => {
  const { status, appointments, busy, missingPermissions } = linked
  if (status.state === 'delayed')
    return (
      <Note tone="wait">
        {whyWaiting(status.why)} Your busy times may be out of date
        {appointments ? ', and your appointments are saved here and sent later' : ''}. Sophiie tries again by itself.
        You do not need to do anything.
      </Note>
    )
  const calendars: Shown[] = appointments ? [appointments, ...busy] : busy
  const named = (kind: PersonalKind, of = calendars) => namesOf(of.filter((calendar) => reasonOf(calendar) === kind))
  const reasons = new Set(calendars.map(reasonOf))
  const isOwnLost = appointments !== null && reasonOf(appointments) === 'calendar-lost'
  const areBusyLost = busy.some((calendar) => reasonOf(calendar) === 'calendar-lost')
  return (
    <>
      {reasons.has('revoked') && (
        <Bad action={<ReconnectButton whose="member" />}>
          Google no longer gives Sophiie access to your account. Nothing was deleted. Until you reconnect, your busy
          times may be out of date{appointments ? ', and appointments wait here' : ''}.
        </Bad>
      )}
      {reasons.has('scope-missing') && (
        <Bad action={<ReconnectButton whose="member" />}>
          Google did not grant {permissionNames(missingPermissions)}. Reconnect and tick every box.
        </Bad>
      )}
      {isOwnLost && (
        <Bad
          action={<ButtonLink href="/settings/calendar?change=mine#choose-mine">Choose another calendar</ButtonLink>}
        >
          {named('calendar-lost', [appointments])} was deleted or is no longer writable. Your appointments stay here.
        </Bad>
      )}
      {areBusyLost && (
        <Bad>
          {named('calendar-lost', busy)} was deleted or is no longer shared with you. Untick it, or share it again.
        </Bad>
      )}
      {reasons.has('mass-deletion') && (
        <Bad action={<ApproveDeletionButton whose="member" />}>
          More than half of the events in {named('mass-deletion')} have disappeared. They still block your time. If you
          deleted them, remove them here too.
        </Bad>
      )}
    </>
  )
}

type Shown = Pick<BusyCalendar, 'name' | 'status'>

const reasonOf = ({ status }: Shown): PersonalKind | null => (status.state === 'needs-attention' ? status.reason : null)

const namesOf = (calendars: Shown[]) => calendars.map(({ name }) => `“${name}”`).join(', ')

const Bad = ({ action, children }: { action?: ReactNode; children: ReactNode }) => (
  <Note tone="bad" action={action}>
    {children}
  </Note>
)
