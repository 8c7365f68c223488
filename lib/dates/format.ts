import { Temporal } from 'temporal-polyfill'

/** Times and dates as people read them: 24 Nov, 9:30 am. Instants are shown in the business's zone. */

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string, options: Intl.DateTimeFormatOptions) => {
  const key = zone + JSON.stringify(options)
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-AU', { ...options, timeZone: zone })
  formats.set(key, known)
  return known
}

const at = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds

/** "9:30 am" */
export const clock = (instant: string, zone: string) =>
  formatOf(zone, { hour: 'numeric', minute: '2-digit', hour12: true }).format(at(instant)).replace(' ', ' ')

/** "9 am", "9:30 am": for where there is hardly room. */
export const shortClock = (instant: string, zone: string) => clock(instant, zone).replace(':00', '')

/** "9:30 – 11:00", with am or pm only where it is not the same on both sides, unless `full`. */
export const clockRange = (start: string, end: string, zone: string, full = true) => {
  const [from, to] = [clock(start, zone), clock(end, zone)]
  if (!full) return `${bare(from)} – ${bare(to)}`
  return from.slice(-2) === to.slice(-2) ? `${bare(from)} – ${to}` : `${from} – ${to}`
}

const bare = (time: string) => time.replace(/\s*[ap]m$/i, '')

/** "Mon 23 Nov" */
export const shortDate = (instant: string, zone: string) =>
  formatOf(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(at(instant)).replace(',', '')

/** "Monday 23 November" */
export const longDate = (instant: string, zone: string) =>
  formatOf(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at(instant)).replace(',', '')

/** "Mon 23 Nov, 9:30 – 11:00 am", over midnight with both dates. */
export const when = (start: string, end: string, zone: string) =>
  shortDate(start, zone) === shortDate(end, zone)
    ? `${shortDate(start, zone)}, ${clockRange(start, end, zone)}`
    : `${shortDate(start, zone)}, ${clock(start, zone)} – ${shortDate(end, zone)}, ${clock(end, zone)}`

/** Dates with an exclusive end: "Thu 26 Nov" or "26 Nov – 28 Nov". */
export const dateRange = (start: string, end: string) => {
  const [first, last] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end).subtract({ days: 1 })]
  const noon = (date: Temporal.PlainDate) => `${date}T12:00:00Z`
  return first.equals(last)
    ? shortDate(noon(first), 'UTC')
    : `${shortDate(noon(first), 'UTC')} – ${shortDate(noon(last), 'UTC')}`
}

/** "1 h 30 min" */
export const lengthOf = (minutes: number) => {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ')
}
