import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readExportedVisits } from '#db/queries/series/visits.ts'
import { type Exported, icsEvent, lines, stamp } from '#lib/business/ics.ts'
import { parseRule, withEnd } from '#lib/repeat/repeat.ts'
import { minutesAfter, originalStarts, wallClock } from '#lib/series/dates.ts'

/**
 * A series as one recurring event (RFC 5545): its rule, an override for each visit that differs
 * from it, and an exclusion for each date that has no appointment.
 */

type Visit = { originalStart: string; appointment: Exported }

export async function* icsSeries(
  db: Db,
  { businessId, id, now }: { businessId: BusinessId; id: string; now: string },
): AsyncGenerator<string, void> {
  const [series, rows] = await Promise.all([
    readSeries(db, { businessId, id }),
    readExportedVisits(db, { businessId, seriesId: id }),
  ])
  if (!series) return
  const visits = rows.flatMap(({ originalStart, appointment }): Visit[] =>
    appointment ? [{ originalStart, appointment: appointment as Exported }] : [],
  )
  const dates = datesOf(series, rows.at(-1)?.originalStart)
  const [master] = visits.filter(({ originalStart }) => dates.includes(originalStart))
  if (master) {
    const known = new Set(visits.map(({ originalStart }) => originalStart))
    const excluded = dates.filter((date) => !known.has(date))
    yield icsTimeZone(series)
    yield icsEvent(templateOf(series, master.appointment), now, { uid: id, recurrence: ruleLines(series, excluded) })
  }
  for (const { originalStart, appointment } of visits) {
    if (!dates.includes(originalStart)) yield icsEvent(appointment, now)
    else if (isOverride(series, originalStart, appointment))
      yield icsEvent(appointment, now, {
        uid: id,
        recurrence: [`RECURRENCE-ID;TZID=${series.timeZone}:${wallStamp(originalStart)}`],
      })
  }
}

/** The dates of the rule up to the last one that was planned. */
const datesOf = (series: SeriesRow, last: string | undefined): string[] => {
  if (!last) return []
  const to = [series.plannedUntil ?? '', last.slice(0, 10)].sort().at(-1) ?? ''
  return originalStarts(series, { from: series.startsAt.slice(0, 10), to, limit: 20_000 })
}

const templateOf = (series: SeriesRow, first: Exported): Exported => ({
  ...first,
  ...{ title: series.title, location: series.location, notes: series.notes, status: 'booked' },
  ...{ customer_name: series.customerName, customer_phone: series.customerPhone, customer_email: series.customerEmail },
  revision: series.revision,
})

const ruleLines = (series: SeriesRow, excluded: readonly string[]): string[] => {
  const { timeZone, startsAt, minutes } = series
  const clock = wallClock(timeZone)
  const end = clock.wallAt(minutesAfter(clock.instantAt(startsAt), minutes))
  return [
    `DTSTART;TZID=${timeZone}:${wallStamp(startsAt)}`,
    `DTEND;TZID=${timeZone}:${wallStamp(end)}`,
    `RRULE:${ruleOf(series)}`,
    ...excluded.map((date) => `EXDATE;TZID=${timeZone}:${wallStamp(date)}`),
  ]
}

/** UNTIL is in UTC where the start has a zone. A series that ended has no dates to come. */
const ruleOf = ({ rule, ended, startsAt, timeZone, plannedUntil }: SeriesRow): string => {
  const { UNTIL } = parseRule(rule)
  if (!UNTIL && !ended) return rule
  const date = UNTIL ? `${UNTIL.slice(0, 4)}-${UNTIL.slice(4, 6)}-${UNTIL.slice(6, 8)}` : (plannedUntil ?? '')
  if (!date) return rule
  const until = stamp(wallClock(timeZone).instantAt(`${date}T${startsAt.slice(11)}`))
  return withEnd(rule, 'never').concat(`;UNTIL=${until}`)
}

const isOverride = (series: SeriesRow, originalStart: string, row: Exported): boolean => {
  const start = wallClock(series.timeZone).instantAt(originalStart)
  const isAt = (instant: string, other: string) => Date.parse(instant) === Date.parse(other)
  return !(
    row.status === 'booked' &&
    isAt(row.starts_at, start) &&
    isAt(row.ends_at, minutesAfter(start, series.minutes)) &&
    row.title === series.title &&
    row.location === series.location &&
    row.notes === series.notes &&
    row.customer_name === series.customerName &&
    row.customer_phone === series.customerPhone &&
    row.customer_email === series.customerEmail
  )
}

/** `2027-03-02T09:30` as `20270302T093000` */
const wallStamp = (wall: string) => `${wall.replaceAll(/[-:]/g, '')}00`

const yearsAhead = 10

/** The offsets of a zone from the start of a series on. */
const icsTimeZone = ({ timeZone, startsAt }: SeriesRow): string => {
  let at = Temporal.PlainDateTime.from(startsAt).toZonedDateTime(timeZone)
  const end = at.add({ years: yearsAhead })
  // In force at the start, since long before.
  const parts = [offsetLines({ from: at.offset, to: at.offset, wall: '1970-01-01T00:00' })]
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || Temporal.ZonedDateTime.compare(next, end) > 0) break
    // Its wall time by the offset before it.
    const before = next.subtract({ nanoseconds: 1 })
    const wall = before.toPlainDateTime().add({ nanoseconds: 1 }).toString({ smallestUnit: 'minute' })
    parts.push(offsetLines({ from: before.offset, to: next.offset, wall }))
    at = next
  }
  return lines(['BEGIN:VTIMEZONE', `TZID:${timeZone}`, ...parts.flat(), 'END:VTIMEZONE'])
}

const offsetLines = ({ from, to, wall }: { from: string; to: string; wall: string }): string[] => {
  const name = from > to ? 'STANDARD' : from < to ? 'DAYLIGHT' : 'STANDARD'
  const offset = (text: string) => text.replace(':', '').slice(0, 5)
  return [
    `BEGIN:${name}`,
    `DTSTART:${wallStamp(wall)}`,
    `TZOFFSETFROM:${offset(from)}`,
    `TZOFFSETTO:${offset(to)}`,
    `END:${name}`,
  ]
}
