import type { RawEvent } from '#lib/google/wire.ts'
import { originalStartOf, parseInstanceId } from '#lib/recurrence/instance-id.ts'
import { type EventTimes, type OriginalStart, readEventTimes, spanOf } from '#lib/recurrence/times.ts'
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
  guestEmails: string[]
  times: EventTimes | null
  recurrence: string[] | null
  htmlLink: string
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
 * be read. An event made all-day in Google covers those days in the business's zone: an appointment
 * always has instants.
 */
export const readSnapshot = (raw: RawEvent, businessZone: string): RemoteSnapshot | null => {
  const read = readEventTimes(raw.start, raw.end, businessZone)
  if (!read.ok) return null
  const zones = { startZone: businessZone, endZone: businessZone }
  const times: EventTimes = read.times.allDay
    ? { allDay: false, ...spanOf(read.times, businessZone), ...zones }
    : read.times
  if (times.end <= times.start) return null
  return {
    title: clip(raw.summary, titleLimit) || null,
    times,
    location: clip(raw.location, locationLimit),
    description: storable(raw.description),
    attendees: (raw.attendees ?? []).filter((attendee): attendee is Attendee => typeof attendee.email === 'string'),
    updated: raw.updated ?? null,
  }
}

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
  const isPrivate = raw.visibility === 'private' || raw.visibility === 'confidential'
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
    title: storable(raw.summary),
    location: storable(raw.location),
    description: isPrivate ? '' : storable(raw.description),
    isPrivate,
    eventType: raw.eventType ?? 'default',
    blocks,
    blocksWhy: why,
    guestEmails: (raw.attendees ?? []).flatMap((guest) => (guest.email ? [guest.email.toLowerCase()] : [])),
    times: null,
    recurrence: raw.recurrence ?? null,
    htmlLink: raw.htmlLink ?? '',
    etag: raw.etag ?? '',
    updated: raw.updated ?? null,
  }
}

/** Postgres stores neither U+0000 nor lone surrogates: one such event would fail its whole page. */
const storable = (text: string | null | undefined) => (text ?? '').replaceAll('\0', '').toWellFormed()

const clip = (text: string | null | undefined, limit: number) =>
  storable(text).trim().slice(0, limit).trim().toWellFormed()
