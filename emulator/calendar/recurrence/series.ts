import type { StoredTime } from '../../model.ts'
import { type Rule, readRule } from './rule.ts'
import { DAY, instantToWall, isRealDate, utc, wallToInstant } from './zone.ts'

/** A recurring event's times, parsed from its recurrence lines; wall times as in `expansion.ts`. */
export type Series = {
  allDay: boolean
  zone: string
  first: number
  /**
   * The first start as an instant; at the end of daylight saving it may be in the second of two
   * hours.
   */
  firstMs: number
  duration: number
  rules: Rule[]
  excludedRules: Rule[]
  added: number[]
  excluded: Set<number>
}

export function readSeries(
  { recurrence, start, end }: { recurrence: string[]; start: StoredTime; end: StoredTime },
  calendarZone: string,
): Series {
  const allDay = start.date !== undefined
  const zone = allDay ? calendarZone : (start.timeZone ?? calendarZone)
  const first = wallOf(start, zone)
  const series: Series = {
    allDay,
    zone,
    first,
    firstMs: start.date === undefined ? start.ms : wallToInstant(zone, first),
    duration: end.date === undefined && start.date === undefined ? end.ms - start.ms : wallOf(end, zone) - first,
    rules: [],
    excludedRules: [],
    added: [],
    excluded: new Set(),
  }
  for (const line of recurrence) readLine(series, line)
  return series
}

function readLine(series: Series, line: string): void {
  const colon = line.indexOf(':')
  const [name = ''] = line.slice(0, colon).toUpperCase().split(';')
  const value = line.slice(colon + 1).trim()
  if (name === 'RRULE') series.rules.push(ruleOf(series, value))
  else if (name === 'EXRULE') series.excludedRules.push(ruleOf(series, value))
  else {
    const zone = /TZID=([^;:]+)/i.exec(line.slice(0, colon))?.[1]
    const walls = value.split(',').flatMap((item) => readDate(series, { item, zone }) ?? [])
    if (name === 'RDATE') for (const wall of walls) series.added.push(wall)
    else for (const wall of walls) series.excluded.add(wall)
  }
}

function ruleOf(series: Series, value: string): Rule {
  return readRule(value, { first: series.first, untilWall: (until) => untilWall(series, until) })
}

/** UNTIL in wall time of the series; a date includes the whole day. */
function untilWall(series: Series, until: string): number {
  const wall = parseCompact(until)
  if (wall === undefined) throw new Error(`UNTIL ${until}`)
  if (series.allDay) return Math.floor(wall / DAY) * DAY
  if (until.length === 8) return wall + DAY - 1000
  return until.endsWith('Z') ? instantToWall(series.zone, wall) : wall
}

function readDate(series: Series, { item, zone }: { item: string; zone: string | undefined }): number | undefined {
  const text = item.split('/')[0] ?? ''
  const wall = parseCompact(text)
  if (wall === undefined) throw new Error(`date ${item}`)
  if (series.allDay) return Math.floor(wall / DAY) * DAY
  if (text.length === 8) return undefined
  if (text.endsWith('Z')) return instantToWall(series.zone, wall)
  if (zone && zone !== series.zone) return instantToWall(series.zone, wallToInstant(zone, wall))
  return wall
}

export function parseStamp(stamp: string, series: Series): number | undefined {
  const wall = parseCompact(stamp)
  if (wall === undefined || series.allDay !== (stamp.length === 8)) return
  return series.allDay ? wall : instantToWall(series.zone, wall)
}

/** Milliseconds of `20260301` or `20260301T090000[Z]`. */
function parseCompact(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(text)
  if (!parts) return
  const [, year, month, day, hour = 0, minute = 0, second = 0] = parts
  if (!isRealDate(`${year}-${month}-${day}`)) return
  return utc(Number(year), Number(month) - 1, Number(day), [Number(hour), Number(minute), Number(second)])
}

export function wallOf(time: StoredTime, zone: string): number {
  return time.date === undefined ? instantToWall(zone, time.ms) : Date.parse(`${time.date}T00:00:00Z`)
}
