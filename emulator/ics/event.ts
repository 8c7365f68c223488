import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import type { Attendee, EventDraft, EventTime, ResponseStatus } from '../model.ts'
import type { ZoneFinder } from './zones.ts'

/** How times of a file are read: its time zones, and the zone of times without one. */
export type ZoneRules = { findZone: ZoneFinder; zone: string; unknownZone: (tzid: string) => void }

/** A time in the file: a date, an instant, or wall time in a zone. */
export type When =
  | { date: string }
  | { instant: Temporal.Instant; zone?: undefined }
  | { wall: Temporal.PlainDateTime; zone: string }

/** The VEVENT as a person would enter it. Throws if it is not a valid event. */
export function draftFromVevent(vevent: ICAL.Component, zones: ZoneRules): EventDraft {
  const start = whenOf(vevent.getFirstProperty('dtstart'), zones)
  if (!start) throw new Error('event without a start')
  const end = endOf(vevent, start, zones)
  const length = compare(end, start)
  if (length < 0 || (length === 0 && 'date' in start)) throw new Error('event that ends before its start')
  const recurrence = readRecurrence(vevent, start, zones)
  return {
    ...readTexts(vevent),
    ...readGuests(vevent),
    ...readFlags(vevent),
    start: timeOf(start, recurrence.length > 0),
    end: timeOf(end, recurrence.length > 0),
    ...(recurrence.length > 0 ? { recurrence } : {}),
  }
}

export function whenOf(property: ICAL.Property | null, zones: ZoneRules): When | undefined {
  const value = property?.getFirstValue()
  if (!property || !(value instanceof ICAL.Time)) return
  return momentOf(value, property.getFirstParameter('tzid'), zones)
}

function momentOf(value: ICAL.Time, tzid: string | undefined, zones: ZoneRules): When {
  const { year, month, day, hour, minute, second } = value
  if (value.isDate) return { date: Temporal.PlainDate.from({ year, month, day }, reject).toString() }
  const wall = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }, reject)
  if (value.zone === ICAL.Timezone.utcTimezone) return { instant: wall.toZonedDateTime('UTC').toInstant() }
  if (!tzid) return { wall, zone: zones.zone }
  const zone = zones.findZone(tzid, wall.toString())
  if (!zone) zones.unknownZone(tzid)
  return { wall, zone: zone ?? zones.zone }
}

const reject = { overflow: 'reject' } as const

function endOf(vevent: ICAL.Component, start: When, zones: ZoneRules): When {
  const end = whenOf(vevent.getFirstProperty('dtend'), zones)
  if (end && 'date' in end === 'date' in start) return atLeastADay(start, end)
  const length = vevent.getFirstPropertyValue('duration')
  const duration = length instanceof ICAL.Duration ? Temporal.Duration.from(length.toString()) : undefined
  if ('date' in start) {
    const days = Math.max(1, Math.ceil(duration?.total({ unit: 'days', relativeTo: start.date }) ?? 1))
    return { date: Temporal.PlainDate.from(start.date).add({ days }).toString() }
  }
  if (!duration) return start
  if ('instant' in start) return { instant: start.instant.add(duration) }
  const { zone } = start
  return { wall: start.wall.toZonedDateTime(zone).add(duration).toPlainDateTime(), zone }
}

/** Some programs write the day itself as the end of an all-day event. */
function atLeastADay(start: When, end: When): When {
  if (!('date' in start && 'date' in end) || end.date !== start.date) return end
  return { date: Temporal.PlainDate.from(start.date).add({ days: 1 }).toString() }
}

export function instantOf(when: When): Temporal.Instant {
  if ('date' in when) return Temporal.PlainDate.from(when.date).toZonedDateTime('UTC').toInstant()
  return 'instant' in when ? when.instant : when.wall.toZonedDateTime(when.zone).toInstant()
}

function compare(one: When, other: When): number {
  return Temporal.Instant.compare(instantOf(one), instantOf(other))
}

/** A series needs a time zone; a single event in UTC has only its offset. */
function timeOf(when: When, zoned: boolean): EventTime {
  if ('date' in when) return { date: when.date }
  if ('instant' in when) return { dateTime: when.instant.toString(), ...(zoned ? { timeZone: 'UTC' } : {}) }
  return { dateTime: when.wall.toString({ smallestUnit: 'second' }), timeZone: when.zone }
}

function readRecurrence(vevent: ICAL.Component, start: When, zones: ZoneRules): string[] {
  const rules = vevent.getAllProperties('rrule').map((property) => `RRULE:${ruleText(property, start)}`)
  const extra = dateLines(vevent, 'rdate', { start, zones })
  if (rules.length === 0 && extra.length === 0) return []
  return [...rules, ...extra, ...dateLines(vevent, 'exdate', { start, zones })]
}

/**
 * COUNT and UNTIL exclude each other. Google expects UNTIL as a date for all-day series and in UTC
 * for timed ones.
 */
function ruleText(property: ICAL.Property, start: When): string {
  const rule = property.getFirstValue()
  if (!(rule instanceof ICAL.Recur)) throw new Error('unreadable recurrence rule')
  const { until, count } = rule
  const parts = rule
    .toString()
    .split(';')
    .filter((part) => !part.startsWith('UNTIL='))
  return until && !count ? [...parts, `UNTIL=${untilText(until, start)}`].join(';') : parts.join(';')
}

function untilText(until: ICAL.Time, start: When): string {
  const { year, month, day, hour, minute, second } = until
  const date = Temporal.PlainDate.from({ year, month, day })
  if ('date' in start) return date.toString().replaceAll('-', '')
  const plainTime = until.isDate ? '23:59:59' : Temporal.PlainTime.from({ hour, minute, second })
  const isUtc = !until.isDate && until.zone === ICAL.Timezone.utcTimezone
  const timeZone = isUtc || 'instant' in start ? 'UTC' : start.zone
  return stamp(date.toZonedDateTime({ timeZone, plainTime }).toInstant())
}

function stamp(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')
}

/** RDATE and EXDATE in UTC, or as dates; of a period only the start counts. */
function dateLines(
  vevent: ICAL.Component,
  name: 'rdate' | 'exdate',
  given: { start: When; zones: ZoneRules },
): string[] {
  const { start, zones } = given
  const stamps = vevent.getAllProperties(name).flatMap((property) =>
    property.getValues().map((value: unknown) => {
      const time = value instanceof ICAL.Period ? value.start : value
      if (!(time instanceof ICAL.Time)) throw new Error(`unreadable ${name.toUpperCase()}`)
      return dateStamp(momentOf(time, property.getFirstParameter('tzid'), zones), start)
    }),
  )
  if (stamps.length === 0) return []
  return [`${name.toUpperCase()}${'date' in start ? ';VALUE=DATE' : ''}:${stamps.join(',')}`]
}

/** In a timed series, a date means the instance of that day. */
function dateStamp(when: When, start: When): string {
  if ('date' in start) {
    const date = 'date' in when ? when.date : 'wall' in when ? when.wall.toPlainDate() : dateOf(when.instant)
    return String(date).replaceAll('-', '')
  }
  if (!('date' in when)) return stamp(instantOf(when))
  const zoned = 'wall' in start ? start.wall.toZonedDateTime(start.zone) : start.instant.toZonedDateTimeISO('UTC')
  const plainTime = zoned.toPlainTime()
  return stamp(
    Temporal.PlainDate.from(when.date).toZonedDateTime({ timeZone: zoned.timeZoneId, plainTime }).toInstant(),
  )
}

function dateOf(instant: Temporal.Instant): Temporal.PlainDate {
  return instant.toZonedDateTimeISO('UTC').toPlainDate()
}

function readTexts(vevent: ICAL.Component): EventDraft {
  const text = (name: string) => {
    const value = vevent.getFirstPropertyValue(name)
    return typeof value === 'string' && value.trim() ? value : undefined
  }
  const [summary, description, location] = [text('summary'), text('description'), text('location')]
  return { ...(summary && { summary }), ...(description && { description }), ...(location && { location }) }
}

const responses: Record<string, ResponseStatus> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
}

function readGuests(vevent: ICAL.Component): EventDraft {
  const attendees = vevent.getAllProperties('attendee').flatMap((property): Attendee[] => {
    const email = emailOf(property)
    if (!email) return []
    const parameter = (name: string) => String(property.getFirstParameter(name) ?? '').toUpperCase()
    const displayName = property.getFirstParameter('cn')
    return [
      {
        email,
        ...(displayName && displayName !== email ? { displayName } : {}),
        responseStatus: responses[parameter('partstat')] ?? 'needsAction',
        ...(parameter('role') === 'OPT-PARTICIPANT' ? { optional: true } : {}),
        ...(['RESOURCE', 'ROOM'].includes(parameter('cutype')) ? { resource: true } : {}),
      },
    ]
  })
  const organizer = vevent.getFirstProperty('organizer')
  const email = organizer ? emailOf(organizer) : undefined
  const displayName = organizer?.getFirstParameter('cn')
  return {
    ...(attendees.length > 0 ? { attendees } : {}),
    ...(email ? { organizer: { email, ...(displayName && displayName !== email ? { displayName } : {}) } } : {}),
  }
}

/** Outlook and Exchange may have the address in the EMAIL parameter instead of the value. */
function emailOf(property: ICAL.Property): string | undefined {
  const candidates = [
    String(property.getFirstValue() ?? '').replace(/^mailto:/i, ''),
    property.getFirstParameter('email'),
  ]
  return candidates.find((text) => text && /^[^\s@<>]+@[^\s@<>]+$/.test(text))?.toLowerCase()
}

function readFlags(vevent: ICAL.Component): EventDraft {
  const upper = (name: string) => String(vevent.getFirstPropertyValue(name) ?? '').toUpperCase()
  const free = upper('transp') === 'TRANSPARENT' || upper('x-microsoft-cdo-busystatus') === 'FREE'
  return {
    ...(free ? { transparency: 'transparent' } : {}),
    ...(['PRIVATE', 'CONFIDENTIAL'].includes(upper('class')) ? { visibility: 'private' } : {}),
    ...(upper('status') === 'TENTATIVE' ? { status: 'tentative' } : {}),
  }
}
