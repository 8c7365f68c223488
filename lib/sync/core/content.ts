import { type EventTimes, sameTimes } from '#lib/recurrence/times.ts'
import { plainOf } from './html-text.ts'

/**
 * The fields of an appointment that are written to Google, and those that changes in Google can
 * reach.
 */

export type Guest = { email: string; name: string }

/**
 * The projection of an appointment. `description` is Sophiie's block of the event's description;
 * `guests` are the assignees that Sophiie invites.
 */
export type Content = {
  title: string
  times: EventTimes
  location: string
  description: string
  guests: Guest[]
}

/**
 * An attendee as Google sent it. Unknown properties are kept: Google replaces the array as a whole.
 */
export type Attendee = { email: string } & Record<string, unknown>

/** The event as last read from Google. */
export type RemoteSnapshot = {
  /** Null = untitled: an event may have no title, an appointment must have one. */
  title: string | null
  times: EventTimes
  location: string
  description: string
  attendees: Attendee[]
  /** Only the calendar's owner reads title and place: they are not followed. */
  isPrivate?: true
  /** Google's `updated`, UTC ISO: a version with an earlier one is out of date. */
  updated: string | null
}

/** Fields that change in both directions. */
export type SharedField = 'title' | 'times' | 'location'
/** Fields that only Sophiie writes; what people add to them in Google is kept. */
export type OwnField = 'description' | 'guests'
export type Field = SharedField | OwnField
/** Sophiie's part of the fields that people may add to. */
export type OwnContent = Pick<Content, OwnField>

export const sharedFields: readonly SharedField[] = ['title', 'times', 'location']
export const ownFields: readonly OwnField[] = ['description', 'guests']

export const titleLimit = 200
export const locationLimit = 500

/** Both sides changed the field: Sophiie's value wins, Google's goes into the activity log. */
export type Lost = { field: SharedField; google: Content[SharedField] }

/** Compares by meaning: times by their instants, in any zone; guests by address. */
export const sameField = (field: Field, a: Content, b: Content): boolean => {
  if (field === 'times') return sameTimes(a.times, b.times)
  if (field === 'guests') return emails(a.guests) === emails(b.guests)
  return a[field] === b[field]
}

/**
 * The snapshot as content, comparable with `known` (the base, or the appointment before there is
 * one): own fields are taken from `known`, and an untitled event keeps the known title. While an
 * event is private, so do its title and place: staff would read them in the appointment.
 */
export const contentOf = (remoteSnapshot: RemoteSnapshot, known: Content): Content => ({
  title: (!remoteSnapshot.isPrivate && remoteSnapshot.title) || known.title,
  times: remoteSnapshot.times,
  location: remoteSnapshot.isPrivate ? known.location : remoteSnapshot.location,
  description: known.description,
  guests: known.guests,
})

export const withField = (content: Content, field: Field, from: Content): Content => ({
  ...content,
  [field]: from[field],
})

/**
 * The base after another event became the appointment's, such as the first instance of a series.
 * Lines and guests of ours that the event before had and this one lacks leave the base, so that
 * they are written again. A member that only this event invites joins the base: Sophiie invited
 * them earlier. Guests and lines that people had removed before stay removed.
 */
export const baseForEvent = (
  base: Content,
  { before, now, members }: { before: RemoteSnapshot | null; now: RemoteSnapshot; members: Guest[] },
): Content => {
  if (!before) return base
  const isMissing = (has: (remoteSnapshot: RemoteSnapshot) => boolean) => has(before) && !has(now)
  const isInvitedAgain = (member: Guest) =>
    !invites(before, member) && invites(now, member) && !base.guests.some((guest) => guest.email === member.email)
  const lines = base.description.split('\n')
  const has = (line: string) => (event: RemoteSnapshot) => plainOf(event.description).includes(line)
  return {
    ...base,
    description: lines.filter((line) => !isMissing(has(line))).join('\n'),
    guests: [
      ...base.guests.filter((guest) => !isMissing((event) => invites(event, guest))),
      ...members.filter(isInvitedAgain),
    ],
  }
}

export const invites = ({ attendees }: RemoteSnapshot, guest: Guest) =>
  attendees.some((attendee) => attendee.email.toLowerCase() === guest.email.toLowerCase())

const emails = (guests: Guest[]) =>
  guests
    .map((guest) => guest.email.toLowerCase())
    .sort()
    .join(' ')
