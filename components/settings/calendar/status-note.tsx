import { ButtonLink } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Permission } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { namesOf } from './permissions.ts'
import { ReconnectButton } from './reconnect-button.tsx'
import { ResumeButton } from './resume-button.tsx'

const whyDelayed = {
  'rate-limited': 'Google asks us to slow down.',
  quota: 'Google’s daily limit for this account is reached.',
  transient: 'Google does not answer just now.',
}

type StatusNoteProps = { status: SyncStatus; calendarName: string; missing: Permission[] }

/** What is wrong, in a sentence, with the one button that fixes it. Nothing when nothing is. */
export const StatusNote = ({ status, calendarName, missing }: StatusNoteProps) => {
  if (status.state === 'delayed')
    return (
      <Note tone="wait">
        {whyDelayed[status.why]} Appointments are safe here and go to Google as soon as it answers; there is
        nothing to do.
      </Note>
    )
  if (status.state !== 'needs-attention') return null
  switch (status.reason) {
    case 'revoked':
      return (
        <Note tone="bad" action={<ReconnectButton />}>
          Google no longer lets Sophiie in. Nothing was deleted: appointments wait here and go to Google once
          you reconnect.
        </Note>
      )
    case 'scope-missing':
      return (
        <Note tone="bad" action={<ReconnectButton />}>
          Google did not grant {namesOf(missing)}. Reconnect and tick every box.
        </Note>
      )
    case 'calendar-lost':
      return (
        <Note
          tone="bad"
          action={<ButtonLink href="/settings/calendar?change=1">Choose another calendar</ButtonLink>}
        >
          {calendarName ? `“${calendarName}”` : 'The calendar'} was deleted or may no longer be written.
          Appointments wait here until you choose another.
        </Note>
      )
    case 'mass-deletion':
      return (
        <Note tone="bad" action={<ResumeButton />}>
          More than half of the events in {calendarName ? `“${calendarName}”` : 'the calendar'} are suddenly
          gone. Sophiie removed nothing, and appointments still go to Google. If you emptied it yourself, let
          it go on.
        </Note>
      )
  }
}
