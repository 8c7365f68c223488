import { parseRule } from '#lib/repeat/repeat.ts'
import type { Schedule, WallTime } from '../dates.ts'
import { monthOf } from './shift-rule.ts'

type Dates = { series: Schedule; oldDates: readonly WallTime[]; newDates: readonly WallTime[] }

/**
 * Which date of a rule becomes which of the next. Rules with the same frequency, interval and
 * number of dates per period: the n-th becomes the n-th; where a month may have no such date, the
 * date of the same month. Other rules: equal dates.
 */
export const pairDates = (old: Schedule, { series, oldDates, newDates }: Dates): Map<WallTime, WallTime> => {
  if (shapeOf(old.rule) !== shapeOf(series.rule)) return pairBy((date) => date.slice(0, 10), oldDates, newDates)
  if (isRegular(old) && isRegular(series))
    return new Map(oldDates.flatMap((date, n) => (newDates[n] ? [[date, newDates[n]] as const] : [])))
  const offset = monthAt(newDates[0] ?? series.startsAt) - monthAt(oldDates[0] ?? old.startsAt)
  return pairBy((date) => String(monthAt(date)), oldDates, newDates, offset)
}

const monthAt = (wall: WallTime) => monthOf(wall.slice(0, 10))

const shapeOf = (rule: string) => {
  const { FREQ, INTERVAL = '1', BYDAY = '' } = parseRule(rule)
  return [FREQ, INTERVAL, FREQ === 'WEEKLY' ? BYDAY.split(',').length : 1].join()
}

/** Whether every period has a date. */
const isRegular = ({ rule, startsAt }: Schedule) => {
  const { FREQ, BYMONTHDAY } = parseRule(rule)
  if (FREQ === 'YEARLY') return startsAt.slice(5, 10) !== '02-29'
  return !(Number(BYMONTHDAY) > 28)
}

const pairBy = (
  keyOf: (date: WallTime) => string,
  oldDates: readonly WallTime[],
  newDates: readonly WallTime[],
  offset = 0,
) => {
  const byKey = new Map(newDates.map((date) => [keyOf(date), date]))
  return new Map(
    oldDates.flatMap((date) => {
      const key = keyOf(date)
      const found = byKey.get(offset === 0 ? key : String(Number(key) + offset))
      return found ? [[date, found] as const] : []
    }),
  )
}
