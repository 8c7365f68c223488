import { Temporal } from 'temporal-polyfill'
import { hoursInWords } from '#lib/dates/hours.ts'

/** Values of the activity log as people read them, each in one line of text. */

export type Setting = {
  /** The business's zone: instants are shown in it. */
  timeZone: string
  nameOf: (memberId: string) => string
}

type Words = (value: unknown, setting: Setting) => string

export const whenInWords = (start: string, end: string, timeZone: string): string => {
  if (!start.includes('T')) return daysInWords(start, end)
  const [from, to] = [start, end].map((at) => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone))
  if (!from || !to) return ''
  const sameDay = from.toPlainDate().equals(to.toPlainDate())
  return `${day(from)}, ${clock(from)} – ${sameDay ? '' : `${day(to)}, `}${clock(to)}`
}

const daysInWords = (start: string, end: string) => {
  const [from, last] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end).subtract({ days: 1 })]
  return from.equals(last) ? `${day(from)}, all day` : `${day(from)} – ${day(last)}, all day`
}

type Dated = Temporal.ZonedDateTime | Temporal.PlainDate
const day = (at: Dated) =>
  at
    .toLocaleString('en-AU', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
    .replace(',', '')
const clock = (at: Temporal.ZonedDateTime) =>
  at.toLocaleString('en-AU', { hour: 'numeric', minute: '2-digit' }).replace(' ', ' ')

const text: Words = (value) => (value === '' || value === null || value === undefined ? '' : String(value))

const yesNo: Words = (value) => (value ? 'on' : 'off')

const one =
  (words: Record<string, string>): Words =>
  (value) =>
    words[String(value)] ?? String(value)

const people: Words = (value, { nameOf }) => (Array.isArray(value) ? value.map(nameOf).join(', ') : '')

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

type Hours = { from: string; to: string }[]

const week: Words = (value) =>
  Object.entries((value ?? {}) as Record<string, Hours>)
    .map(([number, hours]) => `${weekdays[Number(number) - 1]} ${hoursInWords(hours)}`)
    .join('; ')

const dates: Words = (value) =>
  ((value ?? []) as { date: string; hours: Hours; note: string }[])
    .map(({ date, hours, note }) => `${date} ${hoursInWords(hours)}${note ? ` (${note})` : ''}`)
    .join('; ')

/** In this order they are told. What is not here (ids, marks of the machinery) is told by the sentence, or not at all. */
export const told: [key: string, label: string, words: Words][] = [
  ['title', 'Title', text],
  ['when', 'When', text],
  ['location', 'Location', text],
  ['assigneeIds', 'Assignees', people],
  ['customerName', 'Customer', text],
  ['customerPhone', 'Phone', text],
  ['customerEmail', 'Customer e-mail', text],
  ['notes', 'Notes', text],
  ['status', 'Status', text],
  ['account', 'Account', text],
  ['calendar', 'Calendar', text],
  ['name', 'Name', text],
  ['timeZone', 'Time zone', text],
  ['openingHours', 'Opening hours', week],
  ['openingExceptions', 'Other days', dates],
  ['defaultMinutes', 'Usual length', (value) => (value ? `${value} min` : '')],
  ['staffSee', 'Staff see of Google events', one({ details: 'their details', busy: '“Busy” only' })],
  ['guestsOnGoogle', 'Guests on Google events', yesNo],
  [
    'guestlessBlocks',
    'Google events without guests block',
    one({ everyone: 'everyone', 'linked-member': 'only who linked Google' }),
  ],
  [
    'whenRemoved',
    'When removed in Google',
    one({ ask: 'ask', cancel: 'cancel the appointment', 'put-back': 'put it back' }),
  ],
  ['email', 'E-mail', text],
  ['role', 'Role', text],
  ['colour', 'Colour', text],
  ['takenOverBy', 'Taken over by', text],
  ['appointments', 'Upcoming appointments', text],
]

/** `Tue 24 Nov 2026, 9:00 am` */
export const dayAndClock = (instant: string, timeZone: string) => {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  return `${day(at)}, ${clock(at)}`
}
