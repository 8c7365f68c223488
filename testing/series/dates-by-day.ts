import type { Repeat } from '#lib/repeat/repeat.ts'

type Day = { year: number; month: number; day: number; weekday: number; daysInMonth: number; text: string }

const dayOf = (date: Date): Day => {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return {
    ...{ year, month, day: date.getUTCDate(), weekday: date.getUTCDay() || 7 },
    daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    text: date.toISOString().slice(0, 10),
  }
}

/** The dates of a repetition found by looking at every day: a reference without rules. */
export const datesByDay = (repeat: Repeat, first: string, { to, most }: { to: string; most?: number }): string[] => {
  const date = new Date(`${first}T00:00:00Z`)
  const start = dayOf(date)
  const nth = ({ day }: Day) => Math.ceil(day / 7)
  const isInMonth = (each: Day) => {
    if (repeat.monthly === 'last-day') return each.day === each.daysInMonth
    if (repeat.monthly !== 'weekday' && repeat.monthly !== 'last-weekday') return each.day === start.day
    const isLast = repeat.monthly === 'last-weekday' || start.day > 28
    return each.weekday === start.weekday && (isLast ? each.day > each.daysInMonth - 7 : nth(each) === nth(start))
  }
  const matches = (each: Day, days: number) => {
    const months = (each.year - start.year) * 12 + each.month - start.month
    switch (repeat.unit) {
      case 'day':
        return days % repeat.every === 0
      case 'week':
        return (
          (repeat.weekdays ?? [start.weekday]).includes(each.weekday) &&
          Math.floor((days + start.weekday - 1) / 7) % repeat.every === 0
        )
      case 'year':
        return months % (12 * repeat.every) === 0 && each.day === start.day
      default:
        return months % repeat.every === 0 && isInMonth(each)
    }
  }
  const found: string[] = []
  for (let days = 0; ; days++, date.setUTCDate(date.getUTCDate() + 1)) {
    const each = dayOf(date)
    if (each.text > to || (most !== undefined && found.length >= most)) return found
    if (typeof repeat.ends === 'object' && 'on' in repeat.ends && each.text > repeat.ends.on) return found
    if (matches(each, days)) found.push(each.text)
    if (typeof repeat.ends === 'object' && 'after' in repeat.ends && found.length === repeat.ends.after) return found
  }
}
