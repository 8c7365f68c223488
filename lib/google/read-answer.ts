import { cleanText, isStorable } from '#lib/clean-text.ts'
import { isSupportedSpan } from '#lib/dates/supported-span.ts'
import { earliest, latest, readEventTimes, readZone, spanOf } from '#lib/recurrence/times.ts'
import type { EventBody, RawEvent } from './wire.ts'

/*
 * The one reader of what the Calendar API answers with success. A status proves nothing: a proxy, a
 * sign-in page or a fault answers 200 as well. An answer is accepted if it is the resource that was
 * asked for and complete; every string in it is storable and bounded. Anything else is `odd`, which
 * callers treat as a transient failure.
 *
 * Events are corrected in place: a page holds 2,500 of them.
 */

/** A stable code, never content. */
export type OddAnswer =
  | 'not-an-object'
  | 'wrong-id'
  | 'no-etag'
  | 'no-times'
  | 'unreadable-event'
  | 'no-items'
  | 'too-many-items'
  | 'no-token'
  | 'two-tokens'
  | 'unusable-token'
  | 'page-repeats'
  | 'no-resource-id'
  | 'no-parts'
  | 'not-empty'

export type ReadAnswer<T> = { data: T } | { odd: OddAnswer }

export type EventPage = {
  items: RawEvent[]
  /**
   * Items that are not in `items`: no event, no usable id, or a field whose loss would change what
   * the event is. They exist in Google, so a read with any of them does not prove an absence.
   */
  unreadableItems: number
  /** The ids of those that have a usable one. */
  unreadableIds: string[]
  /** Items that lost a text of another type than Google sends; the rest of them is in `items`. */
  withoutTextIds: string[]
  /** Google omits empty arrays; an answer that lost its items looks the same. */
  itemsAbsent: boolean
  nextPageToken: string | null
  nextSyncToken: string | null
  /** Null if absent or unknown to this runtime: the last known zone applies. */
  timeZone: string | null
  accessRole: string | null
}

/** `timeZone` is null if this runtime does not know it. */
export type RawCalendar = {
  id: string
  summary?: string
  summaryOverride?: string
  timeZone?: string | null
  accessRole?: string
  primary?: boolean
  deleted?: boolean
}
export type CalendarPage = { items: RawCalendar[]; unreadableItems: number; nextPageToken: string | null }

/** `expiration`: UTC ISO; null if Google named none that can be stored. */
export type Channel = { id: string; resourceId: string; expiration: string | null }

/**
 * In UTF-16 units. Documented by Google: ids up to 1,024, property values up to 1,024, 300
 * properties per event, the sizes of a page. The others are chosen to be more than its own pages
 * let people type.
 */
export const limits = {
  id: 1024,
  etag: 256,
  token: 16_384,
  title: 1024,
  location: 1024,
  description: 16_384,
  link: 4096,
  email: 320,
  property: 1024,
  word: 64,
  /** lib/recurrence knows none of this length, so that a cut name is not another zone. */
  zone: 256,
  /** All lines of `recurrence` together; lib/recurrence refuses longer ones. */
  recurrence: 100_000,
  attendees: 5000,
  properties: 300,
  pageOfEvents: 2500,
  pageOfCalendars: 250,
  /**
   * Of any answer, unpacked; more is not read. A page of events has about 13 kB for each then, and
   * Google's pages rarely one.
   */
  bodyBytes: 32 * 1024 * 1024,
}

export const readEventPage = (body: unknown, asked: { pageToken?: string }): ReadAnswer<EventPage> => {
  if (!isObject(body)) return { odd: 'not-an-object' }
  const tokens = readTokens(body, asked.pageToken)
  if ('odd' in tokens) return tokens
  const itemsAbsent = body.items === undefined
  const items = itemsAbsent ? [] : body.items
  if (!Array.isArray(items)) return { odd: 'no-items' }
  if (items.length > limits.pageOfEvents) return { odd: 'too-many-items' }
  const read: RawEvent[] = []
  const unreadableIds: string[] = []
  const withoutTextIds: string[] = []
  for (const item of items) {
    if (isObject(item) && isId(item.id) && hasOddText(item)) withoutTextIds.push(item.id)
    if (isObject(item) && mendEvent(item)) read.push(item)
    else if (isObject(item) && isId(item.id)) unreadableIds.push(item.id)
  }
  return {
    data: {
      items: read,
      unreadableItems: items.length - read.length,
      unreadableIds,
      withoutTextIds,
      itemsAbsent,
      ...tokens.data,
      timeZone: zoneOf(body.timeZone),
      accessRole: textOf(body.accessRole, limits.word) ?? null,
    },
  }
}

/** `written`: the answer to an insert or a patch, which always holds the whole event. */
export const readOneEvent = (
  body: unknown,
  asked: { eventId: string | null; written: boolean },
): ReadAnswer<RawEvent> => {
  if (!isObject(body)) return { odd: 'not-an-object' }
  if (!isId(body.id) || (asked.eventId !== null && body.id !== asked.eventId)) return { odd: 'wrong-id' }
  const isAlive = body.status !== 'cancelled'
  if ((isAlive || asked.written) && !isEtag(body.etag)) return { odd: 'no-etag' }
  if (hasOddText(body) || !mendEvent(body)) return { odd: 'unreadable-event' }
  if (isAlive && asked.written && !hasWritableTimes(body)) return { odd: 'no-times' }
  return { data: body }
}

/** Only appointments are written: other times are not those of the request. */
const hasWritableTimes = ({ start, end }: RawEvent): boolean => {
  const read = readEventTimes(start, end, 'UTC')
  return read.ok && isSupportedSpan(spanOf(read.times, 'UTC'))
}

export const readCalendarPage = (body: unknown, asked: { pageToken?: string }): ReadAnswer<CalendarPage> => {
  if (!isObject(body)) return { odd: 'not-an-object' }
  const tokens = readTokens(body, asked.pageToken)
  // Unlike a page of events, nothing is concluded from one without any token.
  if ('odd' in tokens && !(tokens.odd === 'no-token' && body.items !== undefined)) return tokens
  const items = body.items ?? []
  if (!Array.isArray(items)) return { odd: 'no-items' }
  if (items.length > limits.pageOfCalendars) return { odd: 'too-many-items' }
  const read = items.flatMap((item) => (isObject(item) ? (calendarOf(item) ?? []) : []))
  return {
    data: {
      items: read,
      unreadableItems: items.length - read.length,
      nextPageToken: 'data' in tokens ? tokens.data.nextPageToken : null,
    },
  }
}

export const readChannel = (body: unknown, asked: { id: string }): ReadAnswer<Channel> => {
  if (!isObject(body)) return { odd: 'not-an-object' }
  if (body.id !== asked.id) return { odd: 'wrong-id' }
  if (!isId(body.resourceId)) return { odd: 'no-resource-id' }
  return { data: { id: asked.id, resourceId: body.resourceId, expiration: expirationOf(body.expiration) } }
}

/** A deletion and the end of a channel are answered with 204 and nothing else. */
export const readNothing = (body: unknown): ReadAnswer<null> =>
  body === undefined || body === null || body === '' ? { data: null } : { odd: 'not-empty' }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= limits.id && /^[\x21-\x7e]+$/.test(value)

// An entity tag of RFC 9110. It is sent back as `If-Match`, where `*` would match every version.
const isEtag = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= limits.etag && /^(W\/)?"[\x21\x23-\x7e]*"$/.test(value)

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= limits.token && isStorable(value)

const textOf = (value: unknown, max: number): string | undefined =>
  typeof value === 'string' ? cleanText(value, { max }) : undefined

const zoneOf = (value: unknown): string | null => (typeof value === 'string' ? readZone(value) : null)

type Tokens = Pick<EventPage, 'nextPageToken' | 'nextSyncToken'>

const readTokens = (body: Record<string, unknown>, asked: string | undefined): ReadAnswer<Tokens> => {
  const { nextPageToken, nextSyncToken } = body
  if (nextPageToken === undefined && nextSyncToken === undefined) return { odd: 'no-token' }
  if (nextPageToken !== undefined && nextSyncToken !== undefined) return { odd: 'two-tokens' }
  if (!isToken(nextPageToken ?? nextSyncToken)) return { odd: 'unusable-token' }
  if (nextPageToken !== undefined && nextPageToken === asked) return { odd: 'page-repeats' }
  return {
    data: {
      nextPageToken: isToken(nextPageToken) ? nextPageToken : null,
      nextSyncToken: isToken(nextSyncToken) ? nextSyncToken : null,
    },
  }
}

const calendarOf = (item: Record<string, unknown>): RawCalendar | null => {
  if (!isId(item.id)) return null
  return {
    id: item.id,
    summary: textOf(item.summary, limits.title),
    summaryOverride: textOf(item.summaryOverride, limits.title),
    timeZone: zoneOf(item.timeZone),
    accessRole: textOf(item.accessRole, limits.word),
    primary: item.primary === true,
    deleted: item.deleted === true,
  }
}

const expirationOf = (value: unknown): string | null => {
  const ms = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return ms > 0 && ms <= latest ? new Date(ms).toISOString() : null
}

const statuses = ['confirmed', 'tentative', 'cancelled']

/**
 * False if a field has a type that Google never sends and leaving it out would make another event
 * of it: a series without its rule, a guest list without its guests. Other odd fields are left out.
 */
const mendEvent = (event: Record<string, unknown>): event is RawEvent => {
  if (!isId(event.id)) return false
  const { status, etag, recurringEventId, recurrence, attendees } = event
  if (status !== undefined && !statuses.includes(status as string)) return false
  if (etag === undefined ? status !== 'cancelled' : !isEtag(etag)) return false
  if (recurringEventId !== undefined && !isId(recurringEventId)) return false
  if (recurrence !== undefined && !mendRecurrence(event, recurrence)) return false
  if (attendees !== undefined && !mendAttendees(attendees)) return false
  mendText(event, 'summary', limits.title)
  mendText(event, 'description', limits.description)
  mendText(event, 'location', limits.location)
  mendText(event, 'transparency', limits.word)
  mendText(event, 'eventType', limits.word)
  mendText(event, 'colorId', limits.word)
  mendText(event, 'iCalUID', limits.id)
  mendTime(event, 'start')
  mendTime(event, 'end')
  mendTime(event, 'originalStartTime')
  if (event.updated !== undefined) event.updated = instantOf(event.updated)
  if (event.htmlLink !== undefined && !isLink(event.htmlLink)) event.htmlLink = undefined
  // Rather hidden than shown.
  if (event.visibility !== undefined) event.visibility = textOf(event.visibility, limits.word) ?? 'private'
  if (event.extendedProperties !== undefined) mendProperties(event)
  if (event.reminders !== undefined) event.reminders = remindersOf(event.reminders)
  return true
}

/** Left out, it would count as removed by people. */
const hasOddText = ({ summary, description, location }: Record<string, unknown>): boolean =>
  isOddText(summary) || isOddText(description) || isOddText(location)

const isOddText = (value: unknown): boolean => value !== undefined && typeof value !== 'string'

const mendText = (owner: Record<string, unknown>, name: string, max: number): void => {
  const value = owner[name]
  if (value === undefined || (typeof value === 'string' && value.length <= max && isStorable(value))) return
  owner[name] = textOf(value, max)
}

const mendTime = (event: Record<string, unknown>, name: string): void => {
  const time = event[name]
  if (time === undefined) return
  if (!isObject(time)) event[name] = undefined
  else
    for (const part in time) {
      if (part === 'timeZone') mendText(time, part, limits.zone)
      else if (part === 'date' || part === 'dateTime') mendText(time, part, limits.word)
      else delete time[part]
    }
}

/** Too long ones keep one unit more than is accepted, so that they still count as too long. */
const mendRecurrence = (event: Record<string, unknown>, recurrence: unknown): boolean => {
  if (!Array.isArray(recurrence) || !recurrence.every((line) => typeof line === 'string')) return false
  const lines: string[] = []
  let left = limits.recurrence + 1
  for (const line of recurrence) {
    lines.push(cleanText(line, { max: left }))
    left -= line.length + 1
    if (left <= 0) break
  }
  event.recurrence = lines
  return true
}

const responses = ['needsAction', 'declined', 'tentative', 'accepted']

/**
 * Guest lists are written back whole, so unknown members stay; guests of a list that is too long
 * must not be lost.
 */
const mendAttendees = (attendees: unknown): boolean => {
  if (!Array.isArray(attendees) || attendees.length > limits.attendees) return false
  for (const attendee of attendees) {
    if (!isObject(attendee)) return false
    for (const name in attendee) {
      const value = attendee[name]
      if (name.length > limits.word || !isStorable(name)) delete attendee[name]
      else if (typeof value !== 'boolean' && typeof value !== 'number')
        mendText(attendee, name, name === 'email' ? limits.email : limits.property)
    }
    // Google refuses a list with any other.
    if (!responses.includes(attendee.responseStatus as string)) delete attendee.responseStatus
  }
  return true
}

const mendProperties = (event: Record<string, unknown>): void => {
  const properties = isObject(event.extendedProperties) ? event.extendedProperties.private : undefined
  const kept: Record<string, string> = {}
  for (const [key, value] of Object.entries(isObject(properties) ? properties : {}).slice(0, limits.properties))
    if (typeof value === 'string' && isStorable(key)) kept[key] = cleanText(value, { max: limits.property })
  event.extendedProperties = { private: kept }
}

/** As Google writes it, on days that exist in every month. */
const normalInstant =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Normalized, as versions are compared by it. */
const instantOf = (value: unknown): string | undefined => {
  if (typeof value === 'string' && normalInstant.test(value)) return value
  const ms = typeof value === 'string' && value.length <= limits.word ? Date.parse(value) : Number.NaN
  return ms >= earliest && ms <= latest ? new Date(ms).toISOString() : undefined
}

const isLink = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= limits.link && /^https?:\/\/[\x21-\x7e]+$/.test(value)

const remindersOf = (value: unknown): Record<string, unknown> | undefined => {
  if (!isObject(value)) return undefined
  const overrides = Array.isArray(value.overrides) ? value.overrides.slice(0, 5).filter(isReminder) : []
  return {
    ...(typeof value.useDefault === 'boolean' && { useDefault: value.useDefault }),
    ...(overrides.length > 0 && { overrides }),
  }
}

const isReminder = (value: unknown): boolean =>
  isObject(value) && (value.method === 'email' || value.method === 'popup') && Number.isInteger(value.minutes)

/** The id that an insert asks for; null if Google is to choose one. */
export const idInBody = (body: EventBody): string | null => (typeof body.id === 'string' ? body.id : null)
