import { Temporal } from 'temporal-polyfill'

export type Holiday = { date: Temporal.PlainDate; name: string }

/** Holidays of a Sydney business, with the additional days that New South Wales declares. */
export function publicHolidays(year: number): Holiday[] {
  const on = (month: number, day: number) => Temporal.PlainDate.from({ year, month, day })
  const easter = easterSunday(year)
  const list: Holiday[] = [
    { date: on(1, 1), name: "New Year's Day" },
    { date: nextWeekday(on(1, 26)), name: 'Australia Day' },
    { date: easter.subtract({ days: 2 }), name: 'Good Friday' },
    { date: easter.subtract({ days: 1 }), name: 'Easter Saturday' },
    { date: easter, name: 'Easter Sunday' },
    { date: easter.add({ days: 1 }), name: 'Easter Monday' },
    { date: on(4, 25), name: 'Anzac Day' },
    { date: nthMonday(year, 6, 2), name: "King's Birthday (New South Wales)" },
    { date: nthMonday(year, 8, 1), name: 'Bank Holiday (New South Wales)' },
    { date: nthMonday(year, 10, 1), name: 'Labour Day (New South Wales)' },
    { date: on(12, 24), name: 'Christmas Eve' },
    { date: on(12, 25), name: 'Christmas Day' },
    { date: on(12, 26), name: 'Boxing Day' },
    { date: on(12, 31), name: "New Year's Eve" },
  ]
  return [...list, ...additionalDays(year)].sort((a, b) => Temporal.PlainDate.compare(a.date, b.date))
}

/** A weekday in lieu of a holiday at the weekend; for Anzac Day only in 2026 and 2027. */
function additionalDays(year: number): Holiday[] {
  const on = (month: number, day: number) => Temporal.PlainDate.from({ year, month, day })
  const days: Holiday[] = []
  if (on(1, 1).dayOfWeek >= 6) {
    days.push({ date: nextWeekday(on(1, 1)), name: "Day off for New Year's Day" })
  }
  if ((year === 2026 || year === 2027) && on(4, 25).dayOfWeek >= 6) {
    days.push({ date: nextWeekday(on(4, 25)), name: 'Day off for Anzac Day (New South Wales)' })
  }
  const christmas = on(12, 25).dayOfWeek
  if (christmas >= 6) days.push({ date: on(12, 27), name: 'Day off for Christmas Day' })
  if (christmas === 5 || christmas === 6) days.push({ date: on(12, 28), name: 'Day off for Boxing Day' })
  return days
}

function nextWeekday(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.dayOfWeek < 6 ? date : date.add({ days: 8 - date.dayOfWeek })
}

function nthMonday(year: number, month: number, nth: number): Temporal.PlainDate {
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  return first.add({ days: ((8 - first.dayOfWeek) % 7) + 7 * (nth - 1) })
}

/** Gregorian Easter by the anonymous (Meeus/Jones/Butcher) algorithm. */
export function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - d + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const day = ((h + l - 7 * m + 114) % 31) + 1
  return Temporal.PlainDate.from({ year, month, day })
}
