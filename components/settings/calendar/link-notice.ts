import type { NoteTone } from '#components/ui/note.tsx'
import type { LinkOutcome } from '#lib/connection/schema.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { permissionNames } from './permissions.ts'

export type LinkNotice = { tone: NoteTone; sentence: string }

const notices: Record<Exclude<LinkOutcome, 'missing-permission'>, LinkNotice> = {
  linked: { tone: 'good', sentence: 'Google is connected. Choose the calendar to synchronize.' },
  reconnected: { tone: 'good', sentence: 'Google is reconnected. Waiting changes are being sent.' },
  allowed: { tone: 'good', sentence: 'Google gave permission to write. Save the calendar below.' },
  cancelled: {
    tone: 'plain',
    sentence: 'You cancelled at Google, so nothing was linked. You can link at any time.',
  },
  'wrong-state': {
    tone: 'bad',
    sentence: 'This response from Google does not match a link started here. Nothing was linked; start again below.',
  },
  expired: {
    tone: 'bad',
    sentence: 'Linking took too long, or the page was opened twice. Start again below.',
  },
  'other-person': {
    tone: 'bad',
    sentence: 'Another user signed in before Google answered, so nothing was linked. Start again below.',
  },
  'owner-only': { tone: 'bad', sentence: 'Only the owner can link a calendar.' },
  'other-account': {
    tone: 'bad',
    sentence:
      'This is not the linked Google account, so nothing changed. Choose the linked account, or unlink it first.',
  },
  'google-refused': { tone: 'bad', sentence: 'Google refused the link. Try again.' },
  'google-unreachable': {
    tone: 'wait',
    sentence: 'Google could not be reached, so nothing was linked. Try again in a moment.',
  },
}

/** Where the sentence about a member's own account differs. */
const myNotices: Partial<typeof notices> = {
  linked: { tone: 'good', sentence: 'Google is connected. Choose below what your calendars are used for.' },
  reconnected: { tone: 'good', sentence: 'Google is reconnected. Your calendars are being read again.' },
  cancelled: { tone: 'plain', sentence: 'You cancelled at Google, so nothing changed. You can link at any time.' },
}

/** The notice for the callback's `link` query parameter; null for unknown values. */
export const linkNotice = (link: string | undefined, missing: string[], whose: Whose): LinkNotice | null => {
  if (link === 'missing-permission')
    return {
      tone: 'bad',
      sentence: `Nothing changed, because ${permissionNames(missing)} was not ticked at Google. Try again and tick every box.`,
    }
  if (!link || !Object.hasOwn(notices, link)) return null
  const outcome = link as keyof typeof notices
  return (whose === 'member' && myNotices[outcome]) || notices[outcome]
}
