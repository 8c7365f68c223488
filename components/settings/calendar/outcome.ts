import type { NoteTone } from '#components/ui/note.tsx'
import type { LinkOutcome } from '#lib/connection/schema.ts'
import { namesOf } from './permissions.ts'

export type Outcome = { tone: NoteTone; sentence: string }

const plain: Record<Exclude<LinkOutcome, 'missing-permission'>, Outcome> = {
  linked: { tone: 'good', sentence: 'Google is connected. Choose the calendar to keep in step.' },
  reconnected: { tone: 'good', sentence: 'Google is connected again. Everything that waited is on its way.' },
  cancelled: {
    tone: 'plain',
    sentence: 'You cancelled at Google, so nothing was linked. Link whenever you are ready.',
  },
  'wrong-state': {
    tone: 'bad',
    sentence:
      'That answer from Google does not belong to a link started here, so nothing was linked. Start again below.',
  },
  expired: {
    tone: 'bad',
    sentence: 'Linking took too long, or the page was opened twice. Start again below.',
  },
  'other-person': {
    tone: 'bad',
    sentence:
      'Somebody else signed in here before Google answered, so nothing was linked. Start again below.',
  },
  'owner-only': { tone: 'bad', sentence: 'Only the owner of the business can link a calendar.' },
  'other-account': {
    tone: 'bad',
    sentence:
      'That is another Google account than the linked one, so nothing changed. Choose the linked account, or unlink it first.',
  },
  'google-refused': { tone: 'bad', sentence: 'Google did not accept the link. Try again.' },
  'google-unreachable': {
    tone: 'wait',
    sentence: 'Google could not be reached, so nothing was linked. Try again in a moment.',
  },
}

/** One sentence for what the callback put into `?link=`; null for anything it never puts there. */
export const outcomeOf = (link: string | undefined, missing: string[]): Outcome | null => {
  if (link === 'missing-permission')
    return {
      tone: 'bad',
      sentence: `Nothing was linked, because ${namesOf(missing)} was not ticked at Google. Link again and tick every box.`,
    }
  return link && Object.hasOwn(plain, link) ? plain[link as keyof typeof plain] : null
}
