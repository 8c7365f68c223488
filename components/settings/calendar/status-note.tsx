import { ButtonLink } from '#components/ui/button-link.tsx'
import { Note } from '#components/ui/note.tsx'
import { whyWaiting } from '#lib/google/failure-words.ts'
import type { Permission } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { ApproveDeletionButton } from './action-button.tsx'
import { permissionNames } from './permissions.ts'
import { ReconnectButton } from './reconnect-button.tsx'

type StatusNoteProps = { status: SyncStatus; calendarName: string; missing: Permission[] }

/** One sentence about what is wrong, with the button that fixes it. */
export const StatusNote = ({ status, calendarName, missing }: StatusNoteProps) => {
  if (status.state === 'delayed')
    return (
      <Note tone="wait">
        {whyWaiting(status.why)} Appointments are saved here and will be sent automatically. You do not need to do
        anything.
      </Note>
    )
  if (status.state !== 'needs-attention') return null
  switch (status.reason) {
    case 'revoked':
      return (
        <Note tone="bad" action={<ReconnectButton />}>
          Google no longer gives Sophiie access. Nothing was deleted. Appointments wait here and are sent to Google once
          you reconnect.
        </Note>
      )
    case 'scope-missing':
      return (
        <Note tone="bad" action={<ReconnectButton />}>
          Google did not grant {permissionNames(missing)}. Reconnect and tick every box.
        </Note>
      )
    case 'calendar-lost':
      return (
        <Note tone="bad" action={<ButtonLink href="/settings/calendar?change=1">Choose another calendar</ButtonLink>}>
          {calendarName ? `“${calendarName}”` : 'The calendar'} was deleted or is no longer writable. Appointments wait
          here until you choose another.
        </Note>
      )
    case 'mass-deletion':
      return (
        <Note tone="bad" action={<ApproveDeletionButton />}>
          More than half of the events in {calendarName ? `“${calendarName}”` : 'the calendar'} have disappeared.
          Sophiie has removed nothing so far and still sends appointments to Google. If you deleted these events, remove
          them here too.
        </Note>
      )
  }
}
