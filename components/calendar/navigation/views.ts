import { Temporal } from 'temporal-polyfill'
import type { DateRange } from '#lib/appointments/cache.ts'
import { isSupportedYear } from '#lib/dates/supported-years.ts'

export const views = ['month', 'week', 'day', 'team', 'list'] as const
export type View = (typeof views)[number]
/** The views that FullCalendar draws. */
export type GridView = Exclude<View, 'team'>

/** The view of a URL without one. */
export const defaultView = (isPhone: boolean): View => (isPhone ? 'day' : 'week')

const listDays = 14

const mondayOf = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 })

/** The dates a view shows; a month is extended to whole weeks. */
export const visibleRange = (view: View, date: string): DateRange => {
  const day = Temporal.PlainDate.from(date)
  switch (view) {
    case 'month': {
      const first = day.with({ day: 1 })
      return range(mondayOf(first), mondayOf(first.add({ months: 1 }).subtract({ days: 1 })).add({ days: 7 }))
    }
    case 'week':
      return range(mondayOf(day), mondayOf(day).add({ days: 7 }))
    case 'day':
    case 'team':
      return range(day, day.add({ days: 1 }))
    case 'list':
      return range(day, day.add({ days: listDays }))
  }
}

const range = (from: Temporal.PlainDate, to: Temporal.PlainDate): DateRange => ({
  from: from.toString(),
  to: to.toString(),
})

/** The date that Previous (-1) and Next (1) lead to; the same one at the end of the calendar. */
export const stepped = (view: View, date: string, direction: 1 | -1): string => {
  const day = Temporal.PlainDate.from(date)
  const by = {
    month: { months: direction },
    week: { days: 7 * direction },
    day: { days: direction },
    team: { days: direction },
    list: { days: listDays * direction },
  }[view]
  const next = (view === 'month' ? day.with({ day: 1 }) : day).add(by).toString()
  return isSupportedYear(next) ? next : date
}

/** The heading in two parts, so that the year can be styled: "23 – 29 Nov" and "2026". */
export const titleOf = (view: View, date: string): { main: string; year: string } => {
  const day = Temporal.PlainDate.from(date)
  if (view === 'month') return { main: months[day.month - 1] ?? '', year: `${day.year}` }
  if (view === 'day' || view === 'team')
    return { main: `${weekdays[day.dayOfWeek - 1]} ${short(day)}`, year: `${day.year}` }
  const { from, to } = visibleRange(view, date)
  const first = Temporal.PlainDate.from(from)
  const last = Temporal.PlainDate.from(to).subtract({ days: 1 })
  const start =
    first.year !== last.year
      ? `${short(first)} ${first.year}`
      : first.month === last.month
        ? `${first.day}`
        : short(first)
  return { main: `${start} – ${short(last)}`, year: `${last.year}` }
}

// Literals: constructing the first Intl formatter costs a phone as much as hydrating the page.
export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

/** "23 Nov", "1 Sept" */
const short = ({ day, month }: Temporal.PlainDate) => `${day} ${months[month - 1]?.slice(0, month === 9 ? 4 : 3)}`
