import type { EventTime, StoredTime } from '../model.ts'
import { invalid, refused, required } from './errors.ts'
import { isRealDate, isZone, renderIso, wallToInstant } from './recurrence/zone.ts'

/**
 * Reads start and end as sent. Not strict: also accepts a timed event of no length and unknown
 * time zones, which a person's calendar may have.
 */
export function readTimes(
  { start, end }: { start?: EventTime | null; end?: EventTime | null },
  { strict }: { strict: boolean },
): { start: StoredTime; end: StoredTime } {
  if (!start) throw required('Missing start time.')
  if (!end) throw required('Missing end time.')
  const times = {
    start: readTime(start, { which: 'start', strict }),
    end: readTime(end, { which: 'end', strict }),
  }
  checkRange(times, strict)
  return times
}

type Reading = { which: 'start' | 'end'; strict: boolean }

function readTime(time: EventTime, { which, strict }: Reading): StoredTime {
  if (typeof time !== 'object') throw invalid(`Invalid ${which} time.`)
  if (time.date && time.dateTime) throw invalid(`Invalid ${which} time.`)
  if (time.timeZone && strict && !isZone(time.timeZone))
    throw invalid(`Invalid time zone definition for ${which} time.`)
  if (time.date) return { date: readDate(time.date, which) }
  if (!time.dateTime) throw required(which === 'end' ? 'Missing end time.' : 'Missing start time.')
  const ms = readDateTime(time.dateTime, { which, timeZone: time.timeZone })
  return { ms, ...(time.timeZone && { timeZone: time.timeZone }) }
}

function readDate(date: string, which: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !isRealDate(date)) {
    throw invalid(`Invalid value for: Invalid format: "${date}"`, `${which}.date`)
  }
  return date
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i

function readDateTime(text: string, { which, timeZone }: { which: string; timeZone?: string | null }): number {
  const [, date = '', offset] = DATE_TIME.exec(text) ?? []
  const ms = isRealDate(date) ? Date.parse(offset ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(ms)) throw invalid(`Invalid value for: Invalid format: "${text}"`, `${which}.dateTime`)
  const whole = Math.floor(ms / 1000) * 1000
  if (offset) return whole
  if (!timeZone) throw required(`Missing time zone definition for ${which} time.`)
  return wallToInstant(timeZone, whole)
}

function checkRange({ start, end }: { start: StoredTime; end: StoredTime }, strict: boolean): void {
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw invalid('Start and end times must either both be date or both be dateTime.')
  }
  if (start.date === undefined) {
    const length = (end.ms ?? 0) - start.ms
    if (length < 0 || (strict && length === 0)) throw refused(400, 'timeRangeEmpty')
  } else if (String(end.date) <= start.date) throw refused(400, 'timeRangeEmpty')
}

/** The time as a client would send it. */
export function asTime(time: StoredTime): EventTime {
  if (time.date !== undefined) return { date: time.date }
  return { dateTime: renderIso(time.ms), ...(time.timeZone && { timeZone: time.timeZone }) }
}
