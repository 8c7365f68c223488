/**
 * Fields requested per event: those that are shown, decide availability or must survive an update.
 */
export const eventFields =
  'id,status,etag,updated,summary,description,location,start,end,recurrence,recurringEventId,originalStartTime,' +
  'transparency,visibility,eventType,attendees,htmlLink,iCalUID,extendedProperties/private'
/** For a single event also the fields that are carried over when the calendar changes. */
export const wholeFields = `${eventFields},colorId,reminders`

/** The fields of listed events, and of an event that is fetched by its id. */
export type EventFields = { listed: string; single: string }

/**
 * Of a busy calendar: when an event blocks, and whether it is one of ours. Titles, places, notes
 * and guests are not sent.
 */
const busyFields =
  'id,status,etag,updated,start,end,recurrence,recurringEventId,originalStartTime,transparency,eventType,' +
  'attendees(self,responseStatus),htmlLink,iCalUID,' +
  'extendedProperties/private(sophiieAppointmentId,sophiieBusinessId)'

export const fieldsFor: Record<'appointments' | 'busy', EventFields> = {
  appointments: { listed: eventFields, single: wholeFields },
  busy: { listed: busyFields, single: busyFields },
}
