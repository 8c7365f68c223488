import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { log } from '#lib/observe/log.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { googleEndpoints } from './endpoints.ts'
import { type GoogleAnswer, type GoogleFailure, isCode, kindOf, type Operation } from './failure.ts'
import {
  idInBody,
  isObject,
  limits,
  type ReadAnswer,
  readCalendarPage,
  readChannel,
  readEventPage,
  readNothing,
  readOneEvent,
} from './read-answer.ts'
import type { EventBody } from './wire.ts'

/**
 * Google Calendar API v3 as the product uses it. Every call returns a value; none throws or
 * retries, each has a timeout.
 */

/** Returns an access token; never `rejected` again, which Google has just refused. */
export type TokenSource = (rejected?: string) => Promise<GoogleAnswer<string>>

const timeoutMs = 20_000

/**
 * Fields requested per event: those that are shown, decide availability or must survive an update.
 */
const eventFields =
  'id,status,etag,updated,summary,description,location,start,end,recurrence,recurringEventId,originalStartTime,' +
  'transparency,visibility,eventType,attendees,htmlLink,extendedProperties/private'
/** For a single event also the fields that are carried over when the calendar changes. */
const wholeFields = `${eventFields},colorId,reminders`
const pageFields = `items(${eventFields}),nextPageToken,nextSyncToken,timeZone,accessRole`

/**
 * Sent with every list request and watch. Working locations and birthdays never block and are not
 * mirrored.
 */
export const eventTypes = ['default', 'outOfOffice', 'focusTime', 'fromGmail']

export type CalendarApi = ReturnType<typeof calendarApi>

export const calendarApi = (token: TokenSource) => {
  const { apiRoot } = googleEndpoints()
  const google = calendar({ version: 'v3', rootUrl: apiRoot, retry: false, timeout: timeoutMs })
  const perform = <T>(
    operation: Operation,
    request: (options: Options) => Promise<Response>,
    read: (body: unknown) => ReadAnswer<T>,
  ) => performWith(token, { operation, request, read })

  return {
    listCalendars: (page: { pageToken?: string }) =>
      perform(
        'calendars.list',
        (options) => google.calendarList.list({ maxResults: limits.pageOfCalendars, ...page }, options),
        (body) => readCalendarPage(body, page),
      ),

    listEvents: (calendarId: string, page: { syncToken?: string; pageToken?: string; timeMin?: string }) => {
      const maxResults = limits.pageOfEvents
      const fixed = { calendarId, singleEvents: false, maxResults, eventTypes, fields: pageFields }
      return perform(
        'events.list',
        (options) => google.events.list({ ...fixed, ...page }, options),
        (body) => readEventPage(body, page),
      )
    },

    getEvent: (calendarId: string, eventId: string) =>
      perform(
        'events.get',
        (options) => google.events.get({ calendarId, eventId, fields: wholeFields }, options),
        (body) => readOneEvent(body, { eventId, written: false }),
      ),

    insertEvent: (calendarId: string, body: EventBody) =>
      perform(
        'events.insert',
        (options) =>
          google.events.insert({ calendarId, requestBody: body, sendUpdates: 'none', fields: eventFields }, options),
        (answer) => readOneEvent(answer, { eventId: idInBody(body), written: true }),
      ),

    patchEvent: (calendarId: string, eventId: string, change: { etag: string; body: EventBody }) =>
      perform(
        'events.patch',
        (options) =>
          google.events.patch(
            { calendarId, eventId, requestBody: change.body, sendUpdates: 'none', fields: eventFields },
            ifMatch(options, change.etag),
          ),
        (answer) => readOneEvent(answer, { eventId, written: true }),
      ),

    deleteEvent: (calendarId: string, eventId: string, etag: string) =>
      perform(
        'events.delete',
        (options) => google.events.delete({ calendarId, eventId, sendUpdates: 'none' }, ifMatch(options, etag)),
        readNothing,
      ),

    watchEvents: (calendarId: string, channel: calendar_v3.Schema$Channel & { id: string }) =>
      perform(
        'channels.watch',
        (options) => google.events.watch({ calendarId, eventTypes, requestBody: channel }, options),
        (body) => readChannel(body, channel),
      ),

    stopChannel: (channel: { id: string; resourceId: string }) =>
      perform('channels.stop', (options) => google.channels.stop({ requestBody: channel }, options), readNothing),
  }
}

type Response = { data: unknown; status: number }
type Call<T> = {
  operation: Operation
  request: (options: Options) => Promise<Response>
  read: (body: unknown) => ReadAnswer<T>
}
type Options = { headers: Record<string, string>; timeout: number; size: number; retry: false }

const ifMatch = (options: Options, etag: string): Options => ({
  ...options,
  headers: { ...options.headers, 'If-Match': etag },
})

/**
 * After a 401 of Google's own one refresh and one more attempt: an access token may be revoked
 * before it expires.
 */
const performWith = async <T>(token: TokenSource, call: Call<T>): Promise<GoogleAnswer<T>> => {
  const first = await token()
  if (!first.ok) return first
  const answer = await attemptTraced(first.data, call)
  if (answer.ok || answer.failure.kind !== 'revoked') return answer
  const second = await token(first.data)
  return second.ok ? attemptTraced(second.data, call) : second
}

const attemptTraced = <T>(accessToken: string, call: Call<T>): Promise<GoogleAnswer<T>> =>
  traced(
    {
      name: 'google.call',
      attributes: { operation: call.operation },
      failureOf: (answer) => (answer.ok ? null : answer.failure.kind),
    },
    () => attempt(accessToken, call),
  )

const attempt = async <T>(accessToken: string, call: Call<T>): Promise<GoogleAnswer<T>> => {
  const started = performance.now()
  const answer = await answerOf(accessToken, call)
  const { status, ...failure } = answer.ok
    ? { status: answer.status }
    : { status: answer.failure.status, kind: answer.failure.kind, detail: answer.failure.detail }
  const ms = Math.round(performance.now() - started)
  log('info', 'google.call', { operation: call.operation, status, ...failure, ms })
  return answer
}

type Answered<T> = { ok: true; data: T; status: number } | { ok: false; failure: GoogleFailure }

const answerOf = async <T>(accessToken: string, call: Call<T>): Promise<Answered<T>> => {
  const headers = { Authorization: `Bearer ${accessToken}` }
  try {
    const { data, status } = await call.request({ headers, timeout: timeoutMs, size: limits.bodyBytes, retry: false })
    const read = call.read(data)
    if ('data' in read) return { ok: true, data: read.data, status }
    return {
      ok: false,
      failure: { kind: 'transient', detail: `odd-answer-${read.odd}`, status, retryAfterSeconds: null },
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error, call.operation) }
  }
}

/**
 * From what the client threw: a response with Google's error envelope, another response, or none.
 * Only the envelope is Google's word. Any other body, whatever its status, comes from something in
 * between and is transient.
 */
export const failureOf = (error: unknown, operation: Operation): GoogleFailure => {
  const thrown = (isObject(error) ? error : {}) as {
    code?: unknown
    cause?: unknown
    response?: { status?: number; data?: unknown; headers?: Headers }
  }
  const status = thrown.response?.status ?? null
  const reasons = reasonsOf(thrown.response?.data, status)
  const network = isTooLarge(thrown.cause) ? 'answer-too-large' : isCode(thrown.code) ? thrown.code : 'no-answer'
  return {
    kind: reasons ? kindOf({ status, reasons, operation }) : 'transient',
    detail: reasons?.find(isCode) ?? (status === null ? network : `http-${status}`),
    status,
    retryAfterSeconds: retryAfter(thrown.response?.headers),
  }
}

/** Thrown by the client's fetch when a body, unpacked, is longer than the option `size`. */
const isTooLarge = (cause: unknown) => isObject(cause) && cause.type === 'max-size'

/** Null if the body is not Google's error envelope: a code, a message, and why. */
const reasonsOf = (body: unknown, status: number | null): string[] | null => {
  const error = isObject(body) ? body.error : null
  if (!isObject(error) || error.code !== status || typeof error.message !== 'string') return null
  const { errors, details } = error
  if (!Array.isArray(errors) && !Array.isArray(details) && typeof error.status !== 'string') return null
  return [errors, details]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((item) => (isObject(item) ? item.reason : null))
    .filter((reason) => typeof reason === 'string')
}

const longestPauseSeconds = 86_400

const retryAfter = (headers: Headers | undefined): number | null => {
  const seconds = Number(headers?.get?.('retry-after') ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds, longestPauseSeconds) : null
}
