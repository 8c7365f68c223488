import { Note } from '#components/ui/note.tsx'
import type { Whose } from '#lib/google/scopes.ts'
import { linkNotice } from './link-notice.ts'

/** `?link=` and `?permission=` of the callback. */
export type Outcome = { link: string | undefined; permissions: string[] }

type OutcomeNoteProps = { outcome: Outcome; whose: Whose; chosen: boolean }

/** How a link that was started on this page ended. */
export const OutcomeNote = ({ outcome, whose, chosen }: OutcomeNoteProps) => {
  const notice = linkNotice(outcome.link, outcome.permissions, whose)
  if (!notice || (outcome.link === 'linked' && chosen)) return null
  return (
    <Note tone={notice.tone} role={notice.tone === 'bad' ? 'alert' : 'status'}>
      {notice.sentence}
    </Note>
  )
}
