import { Temporal } from 'temporal-polyfill'

const zone = 'Australia/Sydney'
const english = (date: Temporal.PlainDate) => date.toLocaleString('en-AU', { weekday: 'long' })
const at = (date: Temporal.PlainDate, time = '10:00') => ({ date: date.toString(), weekday: english(date), time })

/** A Wednesday at least a week ahead. */
export const wednesday = () => {
  const today = Temporal.Now.plainDateISO(zone)
  return today.add({ days: 7 + ((10 - today.dayOfWeek) % 7) })
}

const firstSundayOfOctober = () => {
  const today = Temporal.Now.plainDateISO(zone)
  const first = today.with({ month: 10, day: 1 })
  const sunday = first.add({ days: 7 - first.dayOfWeek })
  return Temporal.PlainDate.compare(sunday, today) > 0 ? sunday : firstSundayAYearLater(first)
}

const firstSundayAYearLater = (october: Temporal.PlainDate) => {
  const first = october.add({ years: 1 })
  return first.add({ days: 7 - first.dayOfWeek })
}

type Bad = [what: string, input: Record<string, unknown>, code: string, isError: boolean]

/** Bookings that cannot be made, with the code of the answer. `isError`: the model repairs it. */
export const badBookings = (): Bad[] => {
  const day = wednesday()
  const good = { ...at(day), service: 'Leaking tap', name: 'Alex Taylor', phone: '0412 345 678' }
  const next = day.add({ days: 1 })
  return [
    ['a past date', { ...good, ...at(day.subtract({ days: 21 })) }, 'too-soon', false],
    ['a date beyond the horizon', { ...good, ...at(day.add({ years: 3 })) }, 'too-far', false],
    ['the last date there is', { ...good, ...at(Temporal.PlainDate.from('9999-12-29')) }, 'no-such-time', true],
    ['25:00', { ...good, time: '25:00' }, 'no-such-time', true],
    ['30 February', { ...good, date: '2027-02-30', weekday: 'Tuesday' }, 'no-such-time', true],
    ['the hour that does not exist', { ...good, ...at(firstSundayOfOctober(), '02:30') }, 'no-such-time', true],
    ['another weekday', { ...good, weekday: english(next) }, 'weekday-mismatch', true],
    ['no weekday', { ...good, weekday: undefined }, 'invalid', true],
    ['a weekday in German', { ...good, weekday: 'Mittwoch' }, 'invalid', true],
    ['a date in words', { ...good, date: 'next Wednesday' }, 'invalid', true],
    ['an hour without am or pm', { ...good, time: '2' }, 'invalid', true],
    ['the night', { ...good, time: '3 am' }, 'closed', false],
    ['an unknown service', { ...good, service: 'Haircut' }, 'unknown-service', false],
    ['an ambiguous service', { ...good, service: 'tap' }, 'unknown-service', false],
    ['an unknown member', { ...good, member: 'Zoe' }, 'unknown-member', false],
    ['a duration that is not offered', { ...good, duration: 75 }, 'duration-not-offered', false],
    ['a duration of no length', { ...good, duration: 0 }, 'invalid', true],
    ['half a minute', { ...good, duration: 60.5 }, 'invalid', true],
    ['neither service nor duration', { ...good, service: undefined }, 'invalid', true],
    ['a phone number with letters', { ...good, phone: 'ring me' }, 'bad-phone', true],
    ['half a phone number', { ...good, phone: '12' }, 'bad-phone', true],
    ['no name', { ...good, name: undefined }, 'invalid', true],
    ['a name of nothing that can be seen', { ...good, name: '\u200f\u200f' }, 'invalid', true],
    ['notes of 10 kB', { ...good, notes: 'x'.repeat(10_000) }, 'invalid', true],
    ['a NUL', { ...good, name: 'Alex\u0000' }, 'invalid', true],
    ['half of a surrogate pair', { ...good, name: 'Alex \ud83d' }, 'invalid', true],
    ['an e-mail address that is none', { ...good, email: 'alex at home' }, 'invalid', true],
    ['an object as a name', { ...good, name: { first: 'Alex' } }, 'invalid', true],
    ['a list as a date', { ...good, date: ['2026-11-26'] }, 'invalid', true],
    ['a hold that is no id', { ...good, hold: "' or 1=1 --" }, 'invalid', true],
    ['a hold that does not exist', { ...good, hold: '00000000-0000-4000-8000-000000000000' }, 'not-found', true],
    ['nothing', {}, 'invalid', true],
  ]
}

/** Odd texts that are only text. */
export const oddTexts = (): Record<string, unknown> => ({
  ...{ ...at(wednesday(), '3 pm'), service: 'DRIPPING  tap', duration: '90', member: null, title: '' },
  ...{ phone: '+61 412 345 678', name: '\u202eAlex <script>alert(1)</script>', notes: "'; drop table x; --" },
  ...{ unheard_of: { deep: [1] }, location: '1 \u{1f6bf} St' },
})
