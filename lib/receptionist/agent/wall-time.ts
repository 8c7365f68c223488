import { Temporal } from 'temporal-polyfill'
import { weekdayName } from '#lib/dates/format.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { type Refused, refuse } from '../answer.ts'
import { instantIn, sayClock, sayDate, sayList, sayTime } from '../say/when.ts'

/** A date and a time as an agent says them. */
export type SaidTime = {
  /** `2026-11-26` */
  date: string
  /** English, of that date. */
  weekday: string
  /** `14:00` or `2 pm` */
  time: string
}

export type SaidDay = { date: string; weekday?: string }

/** Of the business. `today` is a date. */
export type Where = { zone: string; today: string }

/**
 * The instant of a date and a time in the zone of the business; in the hour that exists twice, the
 * first. The weekday must be that of the date.
 */
export const instantOfSaid = (
  { date, weekday, time }: SaidTime,
  { zone, today }: Where,
): { ok: true; start: string } | Refused => {
  const day = dayOfSaid({ date, weekday }, today)
  if (!day.ok) return day
  const clock = parseClock(time)
  if (!clock.ok) return clock
  const wall = Temporal.PlainDate.from(day.date).toPlainDateTime(clock.time)
  const zoned = wall.toZonedDateTime(zone)
  if (!zoned.toPlainDateTime().equals(wall)) return skipped(wall, zone)
  return { ok: true, start: instantIn(zoned.epochMilliseconds, zone) }
}

/** A date that exists, and is of the weekday. `field`: the name of the date. */
export const dayOfSaid = (
  { date: said, weekday }: SaidDay,
  today: string,
  field = 'date',
): { ok: true; date: string } | Refused => {
  const date = parseDate(said, field)
  if (!date.ok || weekday === undefined) return date
  const number = numberOf(weekday)
  if (number === null)
    return refuse('invalid', 'Which day of the week is that?', {
      fields: { weekday: 'Give an English weekday, such as Thursday.' },
    })
  const plain = Temporal.PlainDate.from(date.date)
  return plain.dayOfWeek === number ? date : mismatch(plain, nearest(plain, number, today))
}

const parseDate = (said: string, field: string): { ok: true; date: string } | Refused => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(said.trim())
  if (!parts)
    return refuse('invalid', 'Which date is that?', {
      fields: { [field]: 'Give the date as YYYY-MM-DD; get_context lists the next 21 days.' },
    })
  if (!isSupportedYear(parts[0]))
    return refuse('no-such-time', 'Which year is that?', { fields: { [field]: yearSentence } })
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  try {
    return { ok: true, date: Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString() }
  } catch {
    return refuse('no-such-time', `${noSuchDate(year, month)} Which date is it?`, {
      fields: { [field]: 'Give a date that exists, as YYYY-MM-DD.' },
    })
  }
}

const noSuchDate = (year: number, month: number): string => {
  if (month < 1 || month > 12) return 'That date does not exist.'
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  const last = first.with({ day: first.daysInMonth })
  return `That date does not exist; that month ends on ${sayDate(last.toString())}.`
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** 1 is Monday. Abbreviations of three letters or more will do. */
const numberOf = (said: string): number | null => {
  const word = said.trim().toLowerCase().replace(/\.$/, '')
  const index = word.length < 3 ? -1 : weekdays.findIndex((name) => name.startsWith(word))
  return index < 0 ? null : index + 1
}

/** The date of that weekday nearest to the given one, from today on. */
const nearest = (date: Temporal.PlainDate, weekday: number, today: string) => {
  const ahead = (weekday - date.dayOfWeek + 7) % 7
  const near = date.add({ days: ahead > 3 ? ahead - 7 : ahead })
  return Temporal.PlainDate.compare(near, today) < 0 ? near.add({ days: 7 }) : near
}

/** "Thursday is the 26th of November; Friday is the 27th of November." */
const mismatch = (a: Temporal.PlainDate, b: Temporal.PlainDate): Refused => {
  const dates = [a, b].toSorted(Temporal.PlainDate.compare).map(String)
  const pairs = dates.map((date) => sayDate(date).replace(' the ', ' is the ')).join('; ')
  const written = sayList(dates.map((date) => `${weekdayName(date)} ${date}`))
  return refuse('weekday-mismatch', `${pairs}. Which day is it?`, { fields: { weekday: `${written}.` } })
}

type Clock = { ok: true; time: Temporal.PlainTime } | Refused

const clockPattern = /^(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*([ap])?(?:\.?m\.?)?$/

/** `14:00`, `2 pm`, `2:30 pm`, `noon` */
const parseClock = (said: string): Clock => {
  const text = said.trim().toLowerCase()
  if (text === 'noon' || text === '12 noon') return { ok: true, time: Temporal.PlainTime.from('12:00') }
  const [, hours, minutes, period] = clockPattern.exec(text) ?? []
  if (hours === undefined || (period === undefined && text.endsWith('m'))) return unreadable('What time is that?')
  if (period === undefined && minutes === undefined && Number(hours) >= 1 && Number(hours) <= 12)
    return unreadable(`Is that ${Number(hours)} am or ${Number(hours)} pm?`)
  const [hour, minute] = [hourOf(Number(hours), period), Number(minutes ?? 0)]
  if (hour === null || hour > 23 || minute > 59)
    return refuse('no-such-time', `There is no ${text} on the clock. What time is it?`, { fields: wrongTime })
  return { ok: true, time: Temporal.PlainTime.from({ hour, minute }) }
}

const wrongTime = { time: 'Give the time as HH:mm or as 2:30 pm.' }

const unreadable = (say: string) => refuse('invalid', say, { fields: wrongTime })

const hourOf = (hour: number, period: string | undefined): number | null => {
  if (period === undefined) return hour
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (period === 'p' ? 12 : 0)
}

/** When the clocks go forward: the last minute before, and the first after. */
const skipped = (wall: Temporal.PlainDateTime, zone: string): Refused => {
  const after = wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).getTimeZoneTransition('next')
  if (!after) throw new Error(`${zone} skips ${wall} without a transition.`)
  const around = [after.epochMilliseconds - 60_000, after.epochMilliseconds]
  const isSameDay = around.every((ms) => instantIn(ms, zone).startsWith(wall.toPlainDate().toString()))
  const nearest = around.map((ms) => (isSameDay ? sayClock(ms, zone) : sayTime(ms, zone)))
  const asked = sayTime(wall.toZonedDateTime('UTC').epochMilliseconds, 'UTC')
  return refuse(
    'no-such-time',
    `${asked} does not exist, the clocks go forward. The nearest times are ${sayList(nearest, 'and')}.`,
    { fields: { time: `Give a time that exists, such as ${instantIn(around[1] ?? 0, zone)}.` } },
  )
}
