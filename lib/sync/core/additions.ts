import type { EventBody, RawEvent } from '#lib/google/wire.ts'
import type { Attendee, Content, Guest, RemoteSnapshot, Words } from './content.ts'
import { mergedAttendees, mergedDescription } from './project.ts'

/** What people added to a copy, for the copy that takes its place in another calendar. */

export type Additions = {
  /** What the copy said in all, and what of it was ours. */
  remoteSnapshot: Pick<RemoteSnapshot, 'description' | 'attendees'>
  base: Words
  /** Settings of the event itself; none where it could not be read. */
  settings: EventBody
}

export const additionsOf = (left: {
  remoteSnapshot: RemoteSnapshot
  base: Words
  raw: RawEvent | null
}): Additions => {
  const { remoteSnapshot, base, raw } = left
  return {
    remoteSnapshot: {
      description: remoteSnapshot.description,
      attendees: remoteSnapshot.attendees.filter((attendee) => isGuest(attendee, base.guests)).map(asGuest),
    },
    base: { description: base.description, guests: base.guests },
    settings: raw ? settingsOf(raw) : {},
  }
}

/** The calendar that is left is no guest of the one that takes over, unless it is that of somebody we invite. */
const isGuest = ({ self, organizer, email }: Attendee, invited: Guest[]) =>
  (!self && !organizer) || invited.some((guest) => guest.email.toLowerCase() === email.toLowerCase())

const asGuest = ({ self: _, organizer: __, ...guest }: Attendee): Attendee => guest

/** `null` takes back what an event that is restored said before. A video link cannot be carried: it belongs to its event. */
const settingsOf = (raw: RawEvent): EventBody => ({
  colorId: raw.colorId ?? null,
  reminders: raw.reminders ?? { useDefault: true },
  transparency: raw.transparency ?? null,
  visibility: raw.visibility ?? null,
})

/** The body of an insert with what people added to the event before. */
export const withAdditions = (body: EventBody, content: Content, additions: Additions): EventBody => {
  const { remoteSnapshot, base, settings } = additions
  return {
    ...body,
    ...settings,
    description: mergedDescription({
      ours: content.description,
      before: base.description,
      remoteSnapshot: remoteSnapshot.description,
    }),
    attendees: mergedAttendees({
      ours: content.guests,
      before: base.guests,
      remoteSnapshot: remoteSnapshot.attendees,
    }),
  }
}
