import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { isZone } from '../calendar/recurrence/zone.ts'
import { windowsZones } from './windows-zones.ts'

export type ZoneFinder = (tzid: string, near: string) => string | undefined

/**
 * Finds the IANA zone of a TZID: an IANA name at its end, a Windows name, the location in its
 * VTIMEZONE, or the first zone with the same offsets in the year of `near` (a local date-time).
 */
export function zoneFinder(timezones: ICAL.Component[], preferred: string): ZoneFinder {
  const definitions = new Map(timezones.map((each) => [String(each.getFirstPropertyValue('tzid')), each]))
  const found = new Map<string, string | undefined>()
  return (tzid, near) => {
    const named = ianaName(tzid) ?? windowsZones[tzid.replace(/^"|"$/g, '')]
    if (named) return named
    const definition = definitions.get(tzid)
    if (!definition) return
    const key = `${tzid} ${near.slice(0, 4)}`
    if (!found.has(key)) found.set(key, zoneOfDefinition(definition, { preferred, year: Number(near.slice(0, 4)) }))
    return found.get(key)
  }
}

/** Also accepts prefixed names such as `/freeassociation.sourceforge.net/Europe/Lisbon`. */
export function ianaName(tzid: string): string | undefined {
  const parts = tzid.trim().split('/').filter(Boolean)
  const candidates = parts.map((_, index) => parts.slice(index).join('/'))
  return candidates.find((name) => (name.includes('/') || name === 'UTC') && isZone(name))
}

function zoneOfDefinition(definition: ICAL.Component, { preferred, year }: { preferred: string; year: number }) {
  const place = definition.getFirstPropertyValue('x-lic-location')
  const named = typeof place === 'string' ? ianaName(place) : undefined
  if (named) return named
  const timezone = new ICAL.Timezone(definition)
  const samples = Array.from({ length: 24 }, (_, index) => ({
    year,
    month: Math.floor(index / 2) + 1,
    day: index % 2 ? 20 : 6,
    hour: 12,
    minute: 0,
    second: 0,
  }))
  const offsets = samples.map((sample) => timezone.utcOffset(new ICAL.Time(sample, ICAL.Timezone.localTimezone)))
  const sameOffsets = (zone: string) =>
    samples.every((sample, index) => offsetSeconds(Temporal.PlainDateTime.from(sample), zone) === offsets[index])
  return [preferred, ...new Set(Object.values(windowsZones))].find(sameOffsets)
}

function offsetSeconds(time: Temporal.PlainDateTime, zone: string): number {
  return time.toZonedDateTime(zone).offsetNanoseconds / 1e9
}
