import { eventFields, wholeFields } from '../event-fields.ts'
import type { Operation } from '../failure.ts'
import { idInBody, type ReadAnswer, readNothing, readOneEvent } from '../read-answer.ts'
import type { EventBody, RawEvent } from '../wire.ts'
import type { RequestPart } from './multipart.ts'

/** A request to `events` that can be sent in a batch; the same as that method of `calendarApi`. */
export type EventRequest<T> = RequestPart & {
  operation: Operation
  read: (body: unknown) => ReadAnswer<T>
}

export const getRequest = (calendarId: string, eventId: string, fields = wholeFields): EventRequest<RawEvent> => ({
  operation: 'events.get',
  method: 'GET',
  path: pathOf([calendarId, eventId], { fields }),
  read: (answer) => readOneEvent(answer, { eventId, written: false }),
})

export const insertRequest = (calendarId: string, body: EventBody): EventRequest<RawEvent> => ({
  operation: 'events.insert',
  method: 'POST',
  path: pathOf([calendarId], { sendUpdates: 'none', fields: eventFields }),
  body,
  read: (answer) => readOneEvent(answer, { eventId: idInBody(body), written: true }),
})

export const patchRequest = (
  calendarId: string,
  eventId: string,
  change: { etag: string; body: EventBody },
): EventRequest<RawEvent> => ({
  operation: 'events.patch',
  method: 'PATCH',
  path: pathOf([calendarId, eventId], { sendUpdates: 'none', fields: eventFields }),
  ifMatch: change.etag,
  body: change.body,
  read: (answer) => readOneEvent(answer, { eventId, written: true }),
})

export const deleteRequest = (calendarId: string, eventId: string, etag: string): EventRequest<null> => ({
  operation: 'events.delete',
  method: 'DELETE',
  path: pathOf([calendarId, eventId], { sendUpdates: 'none' }),
  ifMatch: etag,
  read: readNothing,
})

const pathOf = ([calendarId, ...event]: [string] | [string, string], query: Record<string, string>): string =>
  ['/calendar/v3/calendars', encodeURIComponent(calendarId), 'events', ...event.map(encodeURIComponent)].join('/') +
  `?${new URLSearchParams(query)}`
