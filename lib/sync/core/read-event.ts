import { isSupportedSpan } from '#lib/dates/supported-span.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { isoSeconds, originalStartOf, parseInstanceId } from '#lib/recurrence/instance-id.ts'
import { type EventTimes, epochMs, type OriginalStart, readEventTimes, spanOf } from '#lib/recurrence/times.ts'
import { type BlockingReason, blockingOf } from './blocking.ts'
import { type Attendee, locationLimit, type RemoteSnapshot, titleLimit } from './content.ts'

/** From Google's JSON to the engine's types. An unreadable event is a value, never a throw. */

/** An event that Sophiie did not create, as it is mirrored. */
export type ForeignEvent = {
  id: string
  kind: 'single' | 'master' | 'exception'
  recurringEventId: string | null
  originalStart: OriginalStart | null
  cancelled: boolean
  title: string
  location: string
  description: string
  isPrivate: boolean
  eventType: string
  blocks: boolean
  blocksWhy: BlockingReason
  /** Without guests who declined. */
  guestEmails: string[]
  /**
   * The address under which the calendar itself takes part, empty if Google hides it; null if it
   * does not, or declined.
   */
  selfEmail: string | null
  /** There are guests, and all of them declined. */
  isDeclinedByAll: boolean
  times: EventTimes | null
  recurrence: string[] | null
  htmlLink: string
  /** The same in the calendars of all guests, and for all instances of a series. */
  icalUid: string
  etag: string
  updated: string | null
}

export type ReadEvent =
  | { kind: 'live'; event: ForeignEvent }
  /**
   * A single event or a whole series is gone; cancelled instances of a series are `live`
   * exceptions.
   */
  | { kind: 'deleted'; id: string; updated: string | null }
  | { kind: 'unreadable'; id: string; reason: string }

/**
 * With free/busy access Google sends only times, without an indication. An event of ours
 * always has more: at least its marker.
 */
export const hasOnlyTimes = (raw: RawEvent): boolean =>
  raw.status !== 'cancelled' &&
  !raw.summary &&
  !raw.description &&
  !raw.location &&
  !raw.attendees?.length &&
  !raw.extendedProperties

/** The series and original start of an instance, as stored under the same id. */
export type KnownInstance = { recurringEventId: string; originalStart: OriginalStart }

export const readEvent = (raw: RawEvent, calendarZone: string, known?: KnownInstance): ReadEvent => {
  const id = raw.id ?? ''
  if (!id) return { kind: 'unreadable', id: '', reason: 'no-id' }
  const instance = instanceOf(raw, calendarZone, known)
  if (raw.status === 'cancelled')
    return instance
      ? { kind: 'live', event: { ...details(raw, id), ...instance, kind: 'exception', cancelled: true } }
      : { kind: 'deleted', id, updated: raw.updated ?? null }
  const read = readEventTimes(raw.start, raw.end, calendarZone)
  if (!read.ok) return { kind: 'unreadable', id, reason: read.reason }
  if (instance)
    return { kind: 'live', event: { ...details(raw, id), ...instance, kind: 'exception', times: read.times } }
  return {
    kind: 'live',
    event: { ...details(raw, id), kind: isSeries(raw) ? 'master' : 'single', times: read.times },
  }
}

/** A page's items parsed ahead of the database; bare deletions also need rows of the mirror. */
export type ParsedItems = Map<RawEvent, ReadEvent>

export const parseItems = (items: RawEvent[], calendarZone: string): ParsedItems =>
  new Map(items.flatMap((raw) => (isBare(raw) ? [] : [[raw, readEvent(raw, calendarZone)]])))

export const isSeries = (raw: RawEvent): boolean => (raw.recurrence?.length ?? 0) > 0

/**
 * The shared fields of an event of ours, with what people added to it. Null when its times cannot
 * be read, or an appointment cannot have them. An event made all-day in Google covers those days in
 * the business's zone: an appointment always has instants.
 */
export const readSnapshot = (raw: RawEvent, businessZone: string): RemoteSnapshot | null => {
  const read = readEventTimes(raw.start, raw.end, businessZone)
  if (!read.ok) return null
  const zones = { startZone: businessZone, endZone: businessZone }
  const times: EventTimes = read.times.allDay
    ? { allDay: false, ...spanOf(read.times, businessZone), ...zones }
    : read.times
  const placed = withLength(times)
  if (!isSupportedSpan(placed)) return null
  return {
    title: visible(clip(raw.summary, titleLimit)) || null,
    times: placed,
    location: clip(raw.location, locationLimit),
    description: storable(raw.description),
    attendees: (raw.attendees ?? []).filter((attendee): attendee is Attendee => typeof attendee.email === 'string'),
    ...(isPrivateEvent(raw) && { isPrivate: true }),
    updated: raw.updated ?? null,
  }
}

const leastMinutes = 5

/** People may set an event to no length at all; an appointment has at least five minutes. */
const withLength = (times: EventTimes): EventTimes => {
  if (times.allDay || epochMs(times.end) > epochMs(times.start)) return times
  return { ...times, end: isoSeconds(epochMs(times.start) + leastMinutes * 60_000) }
}

const isPrivateEvent = ({ visibility }: RawEvent) => visibility === 'private' || visibility === 'confidential'

/** A deletion that names only its id: of a single event, a series or an instance. */
export const isBare = (raw: RawEvent): boolean =>
  raw.status === 'cancelled' && !(raw.recurringEventId && raw.originalStartTime)

/**
 * A bare cancelled instance takes master and original start from the mirror, or from the form of
 * its id.
 */
const instanceOf = (raw: RawEvent, calendarZone: string, known?: KnownInstance) => {
  const parsed = parseInstanceId(raw.id ?? '')
  const fallback = known?.recurringEventId ?? parsed?.masterId
  const recurringEventId = raw.recurringEventId ?? (raw.status === 'cancelled' ? fallback : undefined)
  const originalStart =
    originalStartOf(raw.originalStartTime, calendarZone) ?? known?.originalStart ?? parsed?.originalStart
  return recurringEventId && originalStart ? { recurringEventId, originalStart } : null
}

const details = (raw: RawEvent, id: string): ForeignEvent => {
  const isPrivate = isPrivateEvent(raw)
  const attendees = raw.attendees ?? []
  const guests = attendees.filter((attendee) => attendee.responseStatus !== 'declined')
  const ownGuest = guests.find((guest) => guest.self)
  const self = raw.attendees?.find((attendee) => attendee.self)
  const { blocks, why } = blockingOf({
    eventType: raw.eventType ?? 'default',
    transparency: raw.transparency ?? null,
    selfResponse: self?.responseStatus ?? null,
  })
  return {
    id,
    kind: 'single',
    recurringEventId: null,
    originalStart: null,
    cancelled: false,
    title: visible(storable(raw.summary)),
    location: storable(raw.location),
    description: isPrivate ? '' : storable(raw.description),
    isPrivate,
    eventType: raw.eventType ?? 'default',
    blocks,
    blocksWhy: why,
    guestEmails: guests.flatMap((guest) => (guest.email ? [guest.email.toLowerCase()] : [])),
    selfEmail: ownGuest ? (ownGuest.email?.toLowerCase() ?? '') : null,
    isDeclinedByAll: attendees.length > 0 && guests.length === 0,
    times: null,
    recurrence: raw.recurrence ?? null,
    htmlLink: raw.htmlLink ?? '',
    icalUid: storable(raw.iCalUID),
    etag: raw.etag ?? '',
    updated: raw.updated ?? null,
  }
}

/** Postgres stores neither U+0000 nor lone surrogates: one such event would fail its whole page. */
const storable = (text: string | null | undefined) => (text ?? '').replaceAll('\0', '').toWellFormed()

/** Empty if no character of it can be seen: blanks, zero-width and other invisible ones. */
const visible = (text: string) => (/[^\s\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text) ? text : '')

const clip = (text: string | null | undefined, limit: number) =>
  storable(text).trim().slice(0, limit).trim().toWellFormed()
