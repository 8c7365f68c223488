import { fullRange } from '#lib/dates/format.ts'
import { type ActivityContext, shownFields } from './words.ts'

/** A row of the activity log. */
export type Entry = {
  id: number
  at: string
  actor: 'member' | 'google' | 'sophiie'
  memberId: string | null
  appointmentId: string | null
  title: string | null
  callId: string | null
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
  /** A verb phrase that follows `who`: `moved “Blocked drain”`. */
  did: string
  /** The reason as one sentence; may be empty. */
  why: string
  changes: Change[]
  appointmentId: string | null
  /** The phone call in which Sophiie did it. */
  callId: string | null
}

export const lineOf = (entry: Entry, context: ActivityContext): ActivityLine => ({
  id: entry.id,
  at: entry.at,
  who: whoOf(entry, context),
  did: (phrases[entry.what] ?? fallback)(sidesOf(entry), entry),
  why: entry.detail,
  changes: changesOf(entry, context),
  appointmentId: entry.appointmentId,
  callId: entry.actor === 'sophiie' && entry.what === 'appointment.booked' ? entry.callId : null,
})

const whoOf = ({ actor, memberId }: Entry, { nameOf }: ActivityContext) => {
  if (actor === 'google') return 'Google Calendar'
  return actor === 'member' && memberId ? nameOf(memberId) : 'Sophiie'
}

type JsonRecord = Record<string, unknown>
const asRecord = (value: unknown): JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {}

type Sides = { title: string; before: JsonRecord; after: JsonRecord }

const sidesOf = ({ title, before, after }: Entry): Sides => {
  const [was, is] = [asRecord(before), asRecord(after)]
  const named = is.title ?? was.title ?? title
  return {
    title: `“${typeof named === 'string' && named ? named : 'an appointment'}”`,
    before: was,
    after: is,
  }
}

type Phrase = (sides: Sides, entry: Entry) => string

const fallback: Phrase = (_, { what }) => what.replace(/[.-]/g, ' ')

const phrases: Record<string, Phrase> = {
  'appointment.booked': ({ title }) => `booked ${title}`,
  'appointment.edited': ({ title }) => `changed ${title}`,
  'appointment.moved': ({ title }) => `moved ${title}`,
  'appointment.cancelled': ({ title }) => `cancelled ${title}`,
  'appointment.reinstated': ({ title }) => `reinstated ${title}`,
  'appointment.confirmed': ({ title }) => `confirmed ${title}`,
  'appointment.put-back': ({ title }) => `put ${title} back into Google Calendar`,
  'appointment.changed-in-google': ({ title }) => `changed ${title}; the appointment was updated`,
  'appointment.removed-in-google': ({ title }) => `removed ${title}`,
  'appointment.google-change-overruled': ({ title }) => `was overruled on ${title}`,
  'google.linked': ({ after }) => `linked the Google account ${after.account}`,
  'google.reconnected': ({ after }) => `reconnected the Google account ${after.account}`,
  'google.unlinked': ({ before }) => `unlinked the Google account ${before.account}`,
  'google.own-linked': () => 'linked their own Google account',
  'google.own-reconnected': () => 'reconnected their own Google account',
  'google.own-unlinked': () => 'unlinked their own Google account',
  'google.own-calendar-chosen': () => 'chose a calendar for their own appointments',
  'google.own-calendar-changed': () => 'changed the calendar of their own appointments',
  'google.own-calendar-removed': () => 'stopped sending appointments to their own calendar',
  'google.busy-calendars-changed': ({ after }) =>
    after.calendars === 1
      ? 'chose 1 calendar that blocks their time'
      : `chose ${after.calendars} calendars that block their time`,
  'google.member-asked': ({ after }) => `asked ${after.member} to link their calendar`,
  'google.shared-busy-calendars-changed': ({ after }) =>
    after.calendars === 1
      ? 'chose 1 further calendar of the business that blocks time'
      : `chose ${after.calendars} further calendars of the business that block time`,
  'google.appointments-go-changed': () => 'changed where appointments go',
  'google.calendar-chosen': ({ after }) => `chose the Google calendar “${after.calendar}”`,
  'google.calendar-changed': ({ after }) => `changed the Google calendar to “${after.calendar}”`,
  'google.events-removed': () => 'removed some events',
  'business.created': ({ after }) => `created the business “${after.name}”`,
  'business.changed': () => 'changed the business settings',
  'business.exported': () => 'exported the business data',
  'service.added': ({ after }) => `added the service “${after.service}”`,
  'service.changed': ({ after }) => `changed the service “${after.service}”`,
  'service.deleted': ({ after }) => `deleted the service “${after.service}”`,
  'service.restored': ({ after }) => `brought back the service “${after.service}”`,
  'message.done': ({ after }) => `answered the message of ${after.caller}`,
  'message.reopened': ({ after }) => `reopened the message of ${after.caller}`,
  'key.created': ({ after }) => `created the ${after.test ? 'test key' : 'API key'} “${after.key}”`,
  'key.renamed': ({ before, after }) => `renamed the API key “${before.key}” to “${after.key}”`,
  'key.revoked': ({ before }) => `revoked the API key “${before.key}”`,
  'member.invited': ({ after }) => `invited ${after.email} as ${after.role}`,
  'member.invitation-revoked': ({ before }) => `revoked the invitation to ${before.email}`,
  'member.joined': ({ after }) => `joined the team as ${after.role}`,
  'member.changed': ({ after }) => `changed ${after.member}`,
  'member.hours-changed': ({ after }) => `changed the working hours of ${after.member}`,
  'member.time-off-added': ({ after }) => `added time off for ${after.member}`,
  'member.time-off-removed': ({ after }) => `removed time off of ${after.member}`,
  'member.deactivated': ({ before }) => `deactivated ${before.member}`,
  'webhook.added': ({ after }) => `added a webhook to ${after.webhook}`,
  'webhook.changed': ({ after }) => `changed the webhook to ${after.webhook}`,
  'webhook.secret-rotated': ({ after }) => `rotated the secret of the webhook to ${after.webhook}`,
  'webhook.switched-on': ({ after }) => `switched on the webhook to ${after.webhook}`,
  'webhook.switched-off': ({ after }) => `switched off the webhook to ${after.webhook}`,
  'webhook.removed': ({ before }) => `deleted the webhook to ${before.webhook}`,
  'member.reactivated': ({ after }) => `reactivated ${after.member}`,
}

/** Kinds whose phrase already contains the change. */
const withoutChanges = new Set([
  'google.linked',
  'google.reconnected',
  'google.unlinked',
  'google.calendar-chosen',
  'google.busy-calendars-changed',
  'google.shared-busy-calendars-changed',
  'member.invited',
  'member.invitation-revoked',
  'member.joined',
])

const changesOf = (entry: Entry, context: ActivityContext): Change[] => {
  if (withoutChanges.has(entry.what)) return []
  const [before, after] = [entry.before, entry.after].map((side) => withWhen(asRecord(side), context.timeZone))
  if (!before || !after) return []
  const created = Object.keys(before).length === 0
  return shownFields.flatMap(([key, label, format]) => {
    const [was, is] = [before, after].map((side) => (key in side ? format(side[key], context) : ''))
    if (was === undefined || is === undefined || was === is) return []
    // A new entry shows only fields with a value, without the title, which is in the phrase.
    if (created && (is === '' || key === 'title' || key === 'status')) return []
    return [{ label, before: was, after: is }]
  })
}

type Times = { start?: unknown; end?: unknown }

/** Merges start and end into `when`; entries from Google hold them under `times`. */
const withWhen = (side: JsonRecord, timeZone: string): JsonRecord => {
  const { start, end } = { ...asRecord(side.times), ...side } as Times
  if (typeof start !== 'string' || typeof end !== 'string') return side
  return { ...side, when: fullRange(start, end, timeZone) }
}
