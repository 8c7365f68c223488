import Holidays from 'date-holidays'
import { Temporal } from 'temporal-polyfill'

/** A public holiday: one date, and the name in English where there is one. */
export type PublicHoliday = { date: string; name: string }

export type Region = { code: string; name: string }

/** `AU-NSW` → its country and state. */
const partsOf = (region: string): [country: string, state: string | undefined] => {
  const [country = '', state] = region.split('-')
  return [country, state]
}

/** Countries by name. */
export const countries = (): Region[] => byName(new Holidays().getCountries('en'))

/** The states of a country by name; many have none. */
export const statesOf = (country: string): Region[] => byName(new Holidays().getStates(country, 'en'))

const byName = (names: Record<string, string> | undefined): Region[] =>
  Object.entries(names ?? {})
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))

/** The public holidays of a region from `today` on for two years; none for an unknown region. */
export const publicHolidays = (region: string, today: string): PublicHoliday[] => {
  const [country, state] = partsOf(region)
  const calendar = state ? new Holidays(country, state) : new Holidays(country)
  calendar.setLanguages('en')
  const first = Temporal.PlainDate.from(today)
  const last = first.add({ years: 2 })
  const years = [first.year, first.year + 1, first.year + 2]
  const found = new Map<string, string>()
  for (const { date, start, end, name, type } of years.flatMap((year) => calendar.getHolidays(year) ?? [])) {
    if (type !== 'public') continue
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
    for (let day = 0; day < days; day++) {
      const each = Temporal.PlainDate.from(date.slice(0, 10)).add({ days: day })
      if (Temporal.PlainDate.compare(each, first) < 0 || Temporal.PlainDate.compare(each, last) >= 0) continue
      const known = found.get(each.toString())
      found.set(each.toString(), known && known !== name ? `${known}, ${name}` : name)
    }
  }
  return [...found].map(([date, name]) => ({ date, name })).sort((a, b) => a.date.localeCompare(b.date))
}
