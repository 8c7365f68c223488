import { Temporal } from 'temporal-polyfill'
import type { EventBody } from '#lib/google/wire.ts'
import type { EventTimes } from '#lib/recurrence/times.ts'
import type { Attendee, Content, Field, Guest, OwnContent, RemoteSnapshot } from './content.ts'
import { markerKeys } from './event-id.ts'
import { escaped, isHtml, linesOf, plainOf, textOf } from './html-text.ts'

/** From an appointment to the content and request bodies for its Google event. */

export type ProjectedAppointment = {
  id: string
  title: string
  start: string
  end: string
  location: string
  notes: string
  customerName: string
  customerPhone: string
  customerEmail: string
  assignees: Guest[]
  /** Of the assignees, those whom Sophiie may invite; all, if absent. */
  guests?: Guest[]
}

export type ProjectionRules = {
  businessId: string
  timeZone: string
  guestsOnGoogle: boolean
  /** Public origin of Sophiie, for the link back. */
  origin: string
}

export const linkBack = (appointmentId: string, origin: string) => `${origin}/calendar?appointment=${appointmentId}`

export const contentOfAppointment = (appointment: ProjectedAppointment, rules: ProjectionRules): Content => ({
  title: appointment.title,
  times: {
    allDay: false,
    start: appointment.start,
    end: appointment.end,
    startZone: rules.timeZone,
    endZone: rules.timeZone,
  },
  location: appointment.location,
  description: descriptionOf(appointment, rules.origin),
  guests: rules.guestsOnGoogle ? (appointment.guests ?? appointment.assignees) : [],
})

const descriptionOf = (appointment: ProjectedAppointment, origin: string): string => {
  const customer = [appointment.customerName, appointment.customerPhone, appointment.customerEmail].filter(Boolean)
  const assigned = appointment.assignees.map((assignee) => assignee.name)
  const parts = [
    customer.length > 0 && `Customer: ${customer.join(' · ')}`,
    assigned.length > 0 && `Assigned to: ${assigned.join(', ')}`,
    appointment.notes,
    `Booked in Sophiie: ${linkBack(appointment.id, origin)}`,
  ]
  return parts.filter(Boolean).join('\n')
}

export const bodyForInsert = (
  content: Content,
  appointmentId: string,
  rules: ProjectionRules & { eventId: string },
): EventBody => ({
  id: rules.eventId,
  status: 'confirmed',
  summary: content.title,
  ...timesBody(content.times),
  location: content.location,
  description: content.description,
  attendees: content.guests.map(attendeeOf),
  source: { title: 'Sophiie Calendar', url: linkBack(appointmentId, rules.origin) },
  extendedProperties: {
    private: { [markerKeys.appointment]: appointmentId, [markerKeys.business]: rules.businessId },
  },
})

/** Only the fields that changed; guests and text that people added stay. */
export const bodyForPatch = (options: {
  write: Field[]
  content: Content
  base: OwnContent
  remoteSnapshot: RemoteSnapshot
}): EventBody => {
  const { content, base, remoteSnapshot } = options
  const bodies: Record<Field, () => EventBody> = {
    title: () => ({ summary: content.title }),
    times: () => timesBody(content.times),
    location: () => ({ location: content.location }),
    description: () => ({
      description: mergedDescription({
        ours: content.description,
        before: base.description,
        remoteSnapshot: remoteSnapshot.description,
      }),
    }),
    guests: () => ({
      attendees: mergedAttendees({
        ours: content.guests,
        before: base.guests,
        remoteSnapshot: remoteSnapshot.attendees,
      }),
    }),
  }
  return Object.assign({}, ...options.write.map((field) => bodies[field]()))
}

/**
 * Replaces our block where it is unchanged; else puts ours first and keeps all other lines below
 * it. Lines of ours are recognised in HTML too; what people wrote keeps its formatting.
 */
export const mergedDescription = (text: { ours: string; before: string; remoteSnapshot: string }): string => {
  const { ours, before, remoteSnapshot } = text
  if (isHtml(remoteSnapshot)) return mergedHtml(text)
  if (before && remoteSnapshot.includes(before)) return remoteSnapshot.replace(before, () => ours)
  if (remoteSnapshot.includes(ours)) return remoteSnapshot
  const known = new Set(before.split('\n').map((line) => line.trim()))
  const theirs = remoteSnapshot.split('\n').filter((line) => !known.has(line.trim()))
  const kept = theirs.join('\n').trim()
  return kept ? `${ours}\n\n${kept}` : ours
}

/** Our block stays where its first line is. */
const mergedHtml = ({ ours, before, remoteSnapshot }: Parameters<typeof mergedDescription>[0]): string => {
  if (plainOf(remoteSnapshot).includes(plainOf(ours))) return remoteSnapshot
  const known = new Set(before.split('\n').map(textOf).filter(Boolean))
  const lines = linesOf(remoteSnapshot)
  const isOurs = (line: string) => known.has(textOf(line))
  const first = lines.findIndex(isOurs)
  const above = lines.slice(0, Math.max(0, first))
  const below = lines.slice(Math.max(0, first)).filter((line) => !isOurs(line))
  const block = ours.split('\n').map(escaped)
  return [...trimmed(above), ...block, ...trimmed(below)].join('<br>')
}

/** Without empty lines at both ends, and with one line between them and our block. */
const trimmed = (lines: string[]): string[] => {
  const first = lines.findIndex((line) => textOf(line))
  const last = lines.findLastIndex((line) => textOf(line))
  return first < 0 ? [] : lines.slice(first, last + 1)
}

/**
 * Removes guests that left the appointment and adds new ones; all others stay as they are. A guest
 * of ours that people removed in Google stays removed.
 */
export const mergedAttendees = (guests: { ours: Guest[]; before: Guest[]; remoteSnapshot: Attendee[] }): Attendee[] => {
  const ours = new Set(guests.ours.map(key))
  const before = new Set(guests.before.map(key))
  const remoteSnapshot = new Set(guests.remoteSnapshot.map(key))
  return [
    ...guests.remoteSnapshot.filter((attendee) => ours.has(key(attendee)) || !before.has(key(attendee))),
    ...guests.ours.filter((guest) => !before.has(key(guest)) && !remoteSnapshot.has(key(guest))).map(attendeeOf),
  ]
}

const key = (guest: { email: string }) => guest.email.toLowerCase()

const attendeeOf = (guest: Guest): Attendee => ({ email: guest.email, displayName: guest.name })

/** `null` clears the other form when an event changes between timed and all-day. */
const timesBody = (times: EventTimes): EventBody =>
  times.allDay
    ? {
        start: { date: times.start, dateTime: null, timeZone: null },
        end: { date: times.end, dateTime: null, timeZone: null },
      }
    : { start: timedBody(times.start, times.startZone), end: timedBody(times.end, times.endZone) }

const timedBody = (instant: string, zone: string | null): EventBody => {
  const timeZone = zone ?? 'UTC'
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  return { dateTime: local.toString({ timeZoneName: 'never' }), timeZone, date: null }
}
