import { type Setting, told, whenInWords } from './words.ts'

/** A row of the log, wherever it was read. */
export type Entry = {
  id: number
  at: string
  actor: 'member' | 'google' | 'sophiie'
  memberId: string | null
  appointmentId: string | null
  title: string | null
  what: string
  detail: string
  before: unknown
  after: unknown
}

export type Change = { label: string; before: string; after: string }

export type ActivityLine = {
  id: number
  at: string
  who: string
  /** What they did, to be read after who: `moved “Blocked drain”`. */
  did: string
  /** Why, in a sentence; may be empty. */
  why: string
  changes: Change[]
  appointmentId: string | null
}

export const lineOf = (entry: Entry, setting: Setting): ActivityLine => ({
  id: entry.id,
  at: entry.at,
  who: whoOf(entry, setting),
  did: (sentences[entry.what] ?? plainly)(factsOf(entry), entry),
  why: entry.detail,
  changes: changesOf(entry, setting),
  appointmentId: entry.appointmentId,
})

const whoOf = ({ actor, memberId }: Entry, { nameOf }: Setting) => {
  if (actor === 'google') return 'Google Calendar'
  return actor === 'member' && memberId ? nameOf(memberId) : 'Sophiie'
}

type Bag = Record<string, unknown>
const bag = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}

type Facts = { title: string; before: Bag; after: Bag }

const factsOf = ({ title, before, after }: Entry): Facts => {
  const [was, is] = [bag(before), bag(after)]
  const named = is.title ?? was.title ?? title
  return {
    title: `“${typeof named === 'string' && named ? named : 'an appointment'}”`,
    before: was,
    after: is,
  }
}

type Sentence = (facts: Facts, entry: Entry) => string

const plainly: Sentence = (_, { what }) => what.replace(/[.-]/g, ' ')

const sentences: Record<string, Sentence> = {
  'appointment.booked': ({ title }) => `booked ${title}`,
  'appointment.edited': ({ title }) => `changed ${title}`,
  'appointment.moved': ({ title }) => `moved ${title}`,
  'appointment.cancelled': ({ title }) => `cancelled ${title}`,
  'appointment.reinstated': ({ title }) => `took back the cancelling of ${title}`,
  'appointment.put-back': ({ title }) => `put ${title} back into Google Calendar`,
  'appointment.changed-in-google': ({ title }) => `changed ${title}, and it follows`,
  'appointment.removed-in-google': ({ title }) => `no longer has ${title}`,
  'appointment.google-change-overruled': ({ title }) => `had another version of ${title}`,
  'google.linked': ({ after }) => `linked the Google account ${after.account}`,
  'google.reconnected': ({ after }) => `connected the Google account ${after.account} again`,
  'google.unlinked': ({ before }) => `unlinked the Google account ${before.account}`,
  'google.calendar-chosen': ({ after }) => `chose the Google calendar “${after.calendar}”`,
  'google.calendar-changed': ({ after }) => `changed the Google calendar to “${after.calendar}”`,
  'google.events-removed': () => 'no longer has some events',
  'business.created': ({ after }) => `created the business “${after.name}”`,
  'business.changed': () => 'changed the settings of the business',
  'business.exported': () => 'exported everything of the business',
  'member.invited': ({ after }) => `invited ${after.email} as ${after.role}`,
  'member.invitation-revoked': ({ before }) => `took back the invitation to ${before.email}`,
  'member.joined': ({ after }) => `joined the team as ${after.role}`,
  'member.changed': ({ after }) => `changed ${after.member}`,
  'member.deactivated': ({ before }) => `ended the access of ${before.member}`,
  'member.reactivated': ({ after }) => `gave ${after.member} access again`,
}

/** What the sentence says already. */
const said = new Set([
  'google.linked',
  'google.reconnected',
  'google.unlinked',
  'google.calendar-chosen',
  'member.invited',
  'member.invitation-revoked',
  'member.joined',
])

const changesOf = (entry: Entry, setting: Setting): Change[] => {
  if (said.has(entry.what)) return []
  const [before, after] = [entry.before, entry.after].map((side) => withWhen(bag(side), setting.timeZone))
  if (!before || !after) return []
  const created = Object.keys(before).length === 0
  return told.flatMap(([key, label, words]) => {
    const [was, is] = [before, after].map((side) => (key in side ? words(side[key], setting) : ''))
    if (was === undefined || is === undefined || was === is) return []
    // Of something new only what was filled in is told, and not what the sentence begins with.
    if (created && (is === '' || key === 'title' || key === 'status')) return []
    return [{ label, before: was, after: is }]
  })
}

type Times = { start?: unknown; end?: unknown }

/** Start and end are one thing to people; Google's side of the log holds them as `times`. */
const withWhen = (side: Bag, timeZone: string): Bag => {
  const { start, end } = { ...bag(side.times), ...side } as Times
  if (typeof start !== 'string' || typeof end !== 'string') return side
  return { ...side, when: whenInWords(start, end, timeZone) }
}
