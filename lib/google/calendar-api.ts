import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { log } from '#lib/observe/log.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { type Answered, answered, failureOf } from './answer.ts'
import type { EventRequest } from './batch/event-request.ts'
import { batchLimit, sendBatch } from './batch/send-batch.ts'
import { googleEndpoints } from './endpoints.ts'
import { type EventFields, eventFields, fieldsFor } from './event-fields.ts'
import type { GoogleAnswer, Operation } from './failure.ts'
import {
  idInBody,
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
 * Sent with every list request and watch. Working locations and birthdays never block and are not
 * mirrored.
 */
export const eventTypes = ['default', 'outOfOffice', 'focusTime', 'fromGmail']

export type CalendarApi = ReturnType<typeof calendarApi>

/** `fields`: those that are read; writes are answered with the fields of an appointment's event. */
export const calendarApi = (token: TokenSource, fields: EventFields = fieldsFor.appointments) => {
  const { apiRoot } = googleEndpoints()
  const google = calendar({ version: 'v3', rootUrl: apiRoot, retry: false, timeout: timeoutMs })
  const perform = <T>(
    operation: Operation,
    request: (options: Options) => Promise<Response>,
    read: (body: unknown) => ReadAnswer<T>,
  ) => performWith(token, { operation, request, read })

  const pageFields = `items(${fields.listed}),nextPageToken,nextSyncToken,timeZone,accessRole`

  return {
    fields,

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
        (options) => google.events.get({ calendarId, eventId, fields: fields.single }, options),
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

    /**
     * One answer per request, in the same order; Google may execute them in any other. Each request
     * succeeds or fails alone. At most 50 are sent at a time.
     */
    batch: async <T>(requests: EventRequest<T>[]): Promise<GoogleAnswer<T>[]> => {
      const answers: GoogleAnswer<T>[] = []
      while (answers.length < requests.length)
        answers.push(...(await performBatch(token, requests.slice(answers.length, answers.length + batchLimit))))
      return answers
    },

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
 * before it expires. A second 401 does not end the grant: only the token endpoint says so.
 */
const performWith = async <T>(token: TokenSource, call: Call<T>): Promise<GoogleAnswer<T>> => {
  const first = await token()
  if (!first.ok) return first
  const answer = await attemptTraced(first.data, call)
  if (answer.ok || answer.failure.kind !== 'unauthorized') return answer
  const second = await token(first.data)
  return second.ok ? attemptTraced(second.data, call) : second
}

/** As `performWith`; the second attempt has only the requests that were refused. */
const performBatch = async <T>(token: TokenSource, requests: EventRequest<T>[]): Promise<GoogleAnswer<T>[]> => {
  const first = await token()
  if (!first.ok) return requests.map(() => first)
  const answers: GoogleAnswer<T>[] = await sendBatch(first.data, requests)
  const refused = requests.filter((_, index) => isUnauthorized(answers[index]))
  if (refused.length === 0) return answers
  const second = await token(first.data)
  const again = second.ok ? await sendBatch(second.data, refused) : refused.map(() => second)
  return answers.map((answer) => (isUnauthorized(answer) ? (again.shift() ?? answer) : answer))
}

const isUnauthorized = (answer: GoogleAnswer<unknown> | undefined): boolean =>
  answer?.ok === false && answer.failure.kind === 'unauthorized'

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

const answerOf = async <T>(accessToken: string, call: Call<T>): Promise<Answered<T>> => {
  const headers = { Authorization: `Bearer ${accessToken}` }
  try {
    const { data, status } = await call.request({ headers, timeout: timeoutMs, size: limits.bodyBytes, retry: false })
    return answered(call.read(data), status)
  } catch (error) {
    return { ok: false, failure: failureOf(error, call.operation) }
  }
}
