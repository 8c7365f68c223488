import { Temporal } from 'temporal-polyfill'
import type { DateRange } from '#lib/appointments/cache.ts'

export const views = ['month', 'week', 'day', 'list'] as const
export type View = (typeof views)[number]

const listDays = 14

const mondayOf = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 })

/** The dates a view shows; the month with the days of other months that fill its weeks. */
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
      return range(day, day.add({ days: 1 }))
    case 'list':
      return range(day, day.add({ days: listDays }))
  }
}

const range = (from: Temporal.PlainDate, to: Temporal.PlainDate): DateRange => ({
  from: from.toString(),
  to: to.toString(),
})

/** The date to go to with Previous (-1) and Next (1). */
export const stepped = (view: View, date: string, direction: 1 | -1): string => {
  const day = Temporal.PlainDate.from(date)
  const by = {
    month: { months: direction },
    week: { days: 7 * direction },
    day: { days: direction },
    list: { days: listDays * direction },
  }[view]
  return (view === 'month' ? day.with({ day: 1 }) : day).add(by).toString()
}

/** The heading in two parts, so that the year can be quieter: "23 – 29 Nov" and "2026". */
export const titleOf = (view: View, date: string): { main: string; year: string } => {
  const day = Temporal.PlainDate.from(date)
  if (view === 'month') return { main: format(day, { month: 'long' }), year: `${day.year}` }
  if (view === 'day')
    return { main: format(day, { weekday: 'short', day: 'numeric', month: 'short' }), year: `${day.year}` }
  const { from, to } = visibleRange(view, date)
  const first = Temporal.PlainDate.from(from)
  const last = Temporal.PlainDate.from(to).subtract({ days: 1 })
  const short = { day: 'numeric', month: 'short' } as const
  const start =
    first.year !== last.year
      ? format(first, { ...short, year: 'numeric' })
      : first.month === last.month
        ? `${first.day}`
        : format(first, short)
  return { main: `${start} – ${format(last, short)}`, year: `${last.year}` }
}

const format = (date: Temporal.PlainDate, options: Intl.DateTimeFormatOptions) =>
  date.toLocaleString('en-GB', options).replace(',', '')
