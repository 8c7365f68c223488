import { Temporal } from 'temporal-polyfill'
import { isoDate, monthName, shortClock, shortDate, weekdayName } from '#lib/dates/format.ts'

/** Dates and times as a voice says them, in the zone of the business. */

const zoned = (ms: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)

/** `2026-11-26T14:00:00+11:00` */
export const instantIn = (ms: number, zone: string) =>
  zoned(ms, zone).toString({ timeZoneName: 'never', smallestUnit: 'second' })

const ordinal = (day: number) => {
  if (day % 100 >= 11 && day % 100 <= 13) return `${day}th`
  return `${day}${{ 1: 'st', 2: 'nd', 3: 'rd' }[day % 10] ?? 'th'}`
}

/** "Thursday the 26th of November" */
export const sayDate = (date: string) =>
  `${weekdayName(date)} the ${ordinal(Number(date.slice(-2)))} of ${monthName(date)}`

/** "2 pm", "2:30 pm" */
export const sayClock = (ms: number, zone: string) => shortClock(ms, zone)

/** "Thursday the 26th of November at 2 pm" */
export const sayTime = (ms: number, zone: string) => `${sayDate(isoDate(ms, zone))} at ${sayClock(ms, zone)}`

/** "45 minutes", "1 hour", "90 minutes" */
export const sayMinutes = (minutes: number) =>
  minutes % 60 === 0 ? `${minutes / 60} hour${minutes === 60 ? '' : 's'}` : `${minutes} minutes`

/** "a", "a or b", "a, b or c" */
export const sayList = (items: readonly string[], word: 'or' | 'and' = 'or') => {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`
}

/**
 * Times in order, each day once: "Thursday the 26th of November at 2 pm or 3 pm, or Friday the 27th
 * of November at 9 am".
 */
export const sayTimes = (times: readonly { date: string; clock: string }[]): string => {
  const days = Map.groupBy(times, ({ date }) => date)
  const said = [...days].map(([date, at]) => `${sayDate(date)} at ${sayList(at.map(({ clock }) => clock))}`)
  return said.length < 2 ? (said[0] ?? '') : `${said.slice(0, -1).join(', ')}, or ${said.at(-1)}`
}

/** Of an instant in the zone: `2026-11-26`. */
export const isoDateOf = isoDate

/** "Thu 26 Nov", of a date. */
export const shortDay = (date: string) => shortDate(`${date}T00:00:00Z`, 'UTC')

/** "7 am", of `07:00`; `24:00` is midnight. */
export const sayWallTime = (time: string) =>
  time === '24:00' ? 'midnight' : shortClock(`1970-01-01T${time}:00Z`, 'UTC')
