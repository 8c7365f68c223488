import type { ReactNode } from 'react'
import { Note } from '#components/ui/note.tsx'
import type { BusyCalendar, MyLinked } from '#lib/connection/mine/schema.ts'
import type { PersonalKind } from '#lib/google/failure-kind.ts'
import { whyWaiting } from '#lib/google/failure-words.ts'
import { ApproveDeletionButton } from '../action-button.tsx'
import { permissionNames } from '../permissions.ts'
import { ReconnectButton } from '../reconnect-button.tsx'

/** What is wrong with the member's own calendars, each kind once, with the button that fixes it. */
export const MyStatusNotes = ({ linked }: { linked: MyLinked }) => {
  const { status, busy, missingPermissions } = linked
  if (status.state === 'delayed')
    return (
      <Note tone="wait">
        {whyWaiting(status.why)} Your busy times may be out of date. They are read again automatically. You do not need
        to do anything.
      </Note>
    )
  const named = (kind: PersonalKind) => namesOf(busy.filter((calendar) => reasonOf(calendar) === kind))
  const reasons = new Set(busy.map(reasonOf))
  return (
    <>
      {reasons.has('revoked') && (
        <Bad action={<ReconnectButton whose="member" />}>
          Google no longer gives Sophiie access to your account. Your busy times may be out of date until you reconnect.
        </Bad>
      )}
      {reasons.has('scope-missing') && (
        <Bad action={<ReconnectButton whose="member" />}>
          Google did not grant {permissionNames(missingPermissions)}. Reconnect and tick every box.
        </Bad>
      )}
      {reasons.has('calendar-lost') && (
        <Bad>{named('calendar-lost')} was deleted or is no longer shared with you. Untick it, or share it again.</Bad>
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

const reasonOf = ({ status }: BusyCalendar): PersonalKind | null =>
  status.state === 'needs-attention' ? status.reason : null

const namesOf = (calendars: BusyCalendar[]) => calendars.map(({ name }) => `“${name}”`).join(', ')

const Bad = ({ action, children }: { action?: ReactNode; children: ReactNode }) => (
  <Note tone="bad" action={action}>
    {children}
  </Note>
)
