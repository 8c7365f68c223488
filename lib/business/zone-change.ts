import { Temporal } from 'temporal-polyfill'

/** `9:00 am on Tue 24 Nov`: one instant as the clocks of a zone show it. */
export const clockAndDay = (instant: string, timeZone: string): string => {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  const clock = at.toLocaleString('en-AU', { hour: 'numeric', minute: '2-digit' })
  const day = at
    .toLocaleString('en-AU', { weekday: 'short', day: 'numeric', month: 'short' })
    .replace(',', '')
  return `${clock} on ${day}`
}
