import { type EventTimes, sameTimes } from '#lib/recurrence/times.ts'

/** What Sophiie says about an appointment in Google, and what of a Google event can flow back. */

export type Guest = { email: string; name: string }

/** The projection of an appointment. `description` is our block of it; `guests` are the assignees that we invite. */
export type Content = {
  title: string
  times: EventTimes
  location: string
  description: string
  guests: Guest[]
}

/** An attendee as Google sent it; unknown members ride along, since arrays are replaced whole. */
export type Attendee = { email: string } & Record<string, unknown>

/** The copy as last seen in Google. */
export type RemoteSnapshot = {
  /** Null = untitled: people may clear a title, an appointment may not. */
  title: string | null
  times: EventTimes
  location: string
  description: string
  attendees: Attendee[]
  /** Google's `updated`, UTC ISO: an older version that arrives later is no news. */
  updated: string | null
}

/** Fields that change in both directions. */
export type SharedField = 'title' | 'times' | 'location'
/** Fields that only Sophiie says; people's additions to them stay. */
export type OwnField = 'description' | 'guests'
export type Field = SharedField | OwnField
/** Sophiie's part of what people may add to. */
export type Words = Pick<Content, OwnField>

export const sharedFields: readonly SharedField[] = ['title', 'times', 'location']
export const ownFields: readonly OwnField[] = ['description', 'guests']

export const titleLimit = 200
export const locationLimit = 500

/** Both sides changed the field: Sophiie's value stands, Google's is kept in the activity log. */
export type Lost = { field: SharedField; google: Content[SharedField] }

/** Whether two values of a field mean the same. Zones and their spelling are no content: the instant is. */
export const sameField = (field: Field, a: Content, b: Content): boolean => {
  if (field === 'times') return sameTimes(a.times, b.times)
  if (field === 'guests') return emails(a.guests) === emails(b.guests)
  return a[field] === b[field]
}

/**
 * What is seen, read as content against `known` (the base, or the appointment before there is one): own fields
 * count as said, an untitled event keeps the known title.
 */
export const contentOf = (remoteSnapshot: RemoteSnapshot, known: Content): Content => ({
  title: remoteSnapshot.title ?? known.title,
  times: remoteSnapshot.times,
  location: remoteSnapshot.location,
  description: known.description,
  guests: known.guests,
})

export const withField = (content: Content, field: Field, from: Content): Content => ({
  ...content,
  [field]: from[field],
})

/**
 * Another event stands for the appointment now: what of our own words was in the one before and is not in this one is no
 * longer agreed, and will be said again; whom of `members` only this one invites was invited by us once. What people had
 * taken out before stays out.
 */
export const agreedBy = (
  base: Content,
  { before, now, members }: { before: RemoteSnapshot | null; now: RemoteSnapshot; members: Guest[] },
): Content => {
  const isBack = (guest: Guest) => before !== null && !invites(before, guest) && invites(now, guest)
  const isLost = (say: (remoteSnapshot: RemoteSnapshot) => boolean) =>
    before !== null && say(before) && !say(now)
  const lines = base.description.split('\n')
  return {
    ...base,
    description: lines
      .filter((line) => !isLost((remoteSnapshot) => remoteSnapshot.description.includes(line)))
      .join('\n'),
    guests: [
      ...base.guests.filter((guest) => !isLost((remoteSnapshot) => invites(remoteSnapshot, guest))),
      ...members.filter(
        (member) => isBack(member) && !base.guests.some((guest) => guest.email === member.email),
      ),
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
