/**
 * Fields requested per event: those that are shown, decide availability or must survive an update.
 */
export const eventFields =
  'id,status,etag,updated,summary,description,location,start,end,recurrence,recurringEventId,originalStartTime,' +
  'transparency,visibility,eventType,attendees,htmlLink,extendedProperties/private'
/** For a single event also the fields that are carried over when the calendar changes. */
export const wholeFields = `${eventFields},colorId,reminders`
