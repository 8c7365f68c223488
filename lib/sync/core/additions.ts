import type { EventBody, RawEvent } from '#lib/google/wire.ts'
import type { Attendee, Content, Guest, OwnContent, RemoteSnapshot } from './content.ts'
import { mergedAttendees, mergedDescription } from './project.ts'

/**
 * What people added to an event, carried over to the event that replaces it in another calendar.
 */

export type Additions = {
  /** Description and guests of the event as a whole, and our part of them in `base`. */
  remoteSnapshot: Pick<RemoteSnapshot, 'description' | 'attendees'>
  base: OwnContent
  /** Settings of the event itself; empty when it could not be read. */
  settings: EventBody
}

export const additionsOf = (event: {
  remoteSnapshot: RemoteSnapshot
  base: OwnContent
  raw: RawEvent | null
}): Additions => {
  const { remoteSnapshot, base, raw } = event
  return {
    remoteSnapshot: {
      description: remoteSnapshot.description,
      attendees: remoteSnapshot.attendees.filter((attendee) => isGuest(attendee, base.guests)).map(asGuest),
    },
    base: { description: base.description, guests: base.guests },
    settings: raw ? settingsOf(raw) : {},
  }
}

/**
 * The old calendar's own entry is not carried over, unless it is the calendar of a guest of ours.
 */
const isGuest = ({ self, organizer, email }: Attendee, invited: Guest[]) =>
  (!self && !organizer) || invited.some((guest) => guest.email.toLowerCase() === email.toLowerCase())

const asGuest = ({ self: _, organizer: __, ...guest }: Attendee): Attendee => guest

/**
 * `null` resets a setting of an event that is restored. A video link belongs to its event and stays
 * behind.
 */
const settingsOf = (raw: RawEvent): EventBody => ({
  colorId: raw.colorId ?? null,
  reminders: raw.reminders ?? { useDefault: true },
  transparency: raw.transparency ?? null,
  visibility: raw.visibility ?? null,
})

/** The body of an insert, with what people added to the event that it replaces. */
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
