import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { log } from '#lib/observe/log.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { googleEndpoints } from './endpoints.ts'
import { type GoogleAnswer, type GoogleFailure, kindOf, type Operation } from './failure.ts'
import type { EventBody, RawEvent } from './wire.ts'

/**
 * Google Calendar API v3 as the product uses it. Every call returns a value; none throws or
 * retries, each has a timeout.
 */

export type RawCalendar = calendar_v3.Schema$CalendarListEntry
export type EventPage = {
  items: RawEvent[]
  nextPageToken: string | null
  nextSyncToken: string | null
  timeZone: string | null
  accessRole: string | null
}

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
  const perform = <T>(operation: Operation, request: (options: Options) => Promise<{ data: T; status: number }>) =>
    performWith(token, { operation, request })

  return {
    listCalendars: (page: { pageToken?: string }) =>
      perform('calendars.list', (options) => google.calendarList.list({ maxResults: 250, ...page }, options)),

    listEvents: async (
      calendarId: string,
      page: { syncToken?: string; pageToken?: string; timeMin?: string },
    ): Promise<GoogleAnswer<EventPage>> => {
      const fixed = { calendarId, singleEvents: false, maxResults: 2500, eventTypes, fields: pageFields }
      const answer = await perform('events.list', (options) => google.events.list({ ...fixed, ...page }, options))
      return answer.ok ? { ok: true, data: pageOf(answer.data) } : answer
    },

    getEvent: (calendarId: string, eventId: string) =>
      perform('events.get', (options) =>
        google.events.get({ calendarId, eventId, fields: wholeFields }, options),
      ) as Promise<GoogleAnswer<RawEvent>>,

    insertEvent: (calendarId: string, body: EventBody) =>
      perform('events.insert', (options) =>
        google.events.insert({ calendarId, requestBody: body, sendUpdates: 'none', fields: eventFields }, options),
      ) as Promise<GoogleAnswer<RawEvent>>,

    patchEvent: (calendarId: string, eventId: string, change: { etag: string; body: EventBody }) =>
      perform('events.patch', (options) =>
        google.events.patch(
          { calendarId, eventId, requestBody: change.body, sendUpdates: 'none', fields: eventFields },
          ifMatch(options, change.etag),
        ),
      ) as Promise<GoogleAnswer<RawEvent>>,

    deleteEvent: (calendarId: string, eventId: string, etag: string) =>
      perform('events.delete', (options) =>
        google.events.delete({ calendarId, eventId, sendUpdates: 'none' }, ifMatch(options, etag)),
      ),

    watchEvents: (calendarId: string, channel: calendar_v3.Schema$Channel) =>
      perform('channels.watch', (options) =>
        google.events.watch({ calendarId, eventTypes, requestBody: channel }, options),
      ),

    stopChannel: (channel: { id: string; resourceId: string }) =>
      perform('channels.stop', (options) => google.channels.stop({ requestBody: channel }, options)),
  }
}

type Options = { headers: Record<string, string>; timeout: number; retry: false }

const ifMatch = (options: Options, etag: string): Options => ({
  ...options,
  headers: { ...options.headers, 'If-Match': etag },
})

const pageOf = (data: calendar_v3.Schema$Events): EventPage => ({
  items: (data.items ?? []) as RawEvent[],
  nextPageToken: data.nextPageToken ?? null,
  nextSyncToken: data.nextSyncToken ?? null,
  timeZone: data.timeZone ?? null,
  accessRole: data.accessRole ?? null,
})

/**
 * After a 401 one refresh and one more attempt: an access token may be revoked before it expires.
 */
const performWith = async <T>(
  token: TokenSource,
  call: { operation: Operation; request: (options: Options) => Promise<{ data: T; status: number }> },
): Promise<GoogleAnswer<T>> => {
  const first = await token()
  if (!first.ok) return first
  const answer = await attemptTraced(first.data, call)
  if (answer.ok || answer.failure.status !== 401) return answer
  const second = await token(first.data)
  return second.ok ? attemptTraced(second.data, call) : second
}

const attemptTraced = <T>(
  accessToken: string,
  call: { operation: Operation; request: (options: Options) => Promise<{ data: T; status: number }> },
): Promise<GoogleAnswer<T>> =>
  traced(
    {
      name: 'google.call',
      attributes: { operation: call.operation },
      failureOf: (answer) => (answer.ok ? null : answer.failure.kind),
    },
    () => attempt(accessToken, call),
  )

const attempt = async <T>(
  accessToken: string,
  call: { operation: Operation; request: (options: Options) => Promise<{ data: T; status: number }> },
): Promise<GoogleAnswer<T>> => {
  const headers = { Authorization: `Bearer ${accessToken}` }
  const started = performance.now()
  const logCall = (status: number | null, kind?: string) =>
    log('info', 'google.call', {
      operation: call.operation,
      status,
      kind,
      ms: Math.round(performance.now() - started),
    })
  try {
    const { data, status } = await call.request({ headers, timeout: timeoutMs, retry: false })
    logCall(status)
    return { ok: true, data }
  } catch (error) {
    const failure = failureOf(error, call.operation)
    logCall(failure.status, failure.kind)
    return { ok: false, failure }
  }
}

/**
 * From what the client threw: a response with Google's error envelope, another response, or none.
 */
export const failureOf = (error: unknown, operation: Operation): GoogleFailure => {
  const thrown = error as {
    code?: unknown
    response?: { status?: number; data?: unknown; headers?: Headers }
  }
  const status = thrown.response?.status ?? null
  const reasons = reasonsOf(thrown.response?.data)
  const network = typeof thrown.code === 'string' ? thrown.code : 'no-answer'
  return {
    kind: kindOf({ status, reasons, operation }),
    detail: reasons[0] ?? (status === null ? network : `http-${status}`),
    status,
    retryAfterSeconds: retryAfter(thrown.response?.headers),
  }
}

const reasonsOf = (body: unknown): string[] => {
  const error = (body as { error?: { errors?: { reason?: unknown }[]; details?: { reason?: unknown }[] } } | null)
    ?.error
  if (!error || typeof error !== 'object') return []
  return [...(error.errors ?? []), ...(error.details ?? [])]
    .map((item) => item?.reason)
    .filter((reason) => typeof reason === 'string')
}

const retryAfter = (headers: Headers | undefined): number | null => {
  const seconds = Number(headers?.get?.('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null
}
