import { Temporal } from 'temporal-polyfill'
import type { Person } from '../person/person.ts'
import { publicHolidays } from './holidays.ts'
import { ownerSeries } from './owner-series.ts'
import { ownerSingles } from './owner-singles.ts'
import { everyone, mia, nora, olive } from './people.ts'
import { createRandom } from './random.ts'
import { rosterSamples } from './roster.ts'
import { allDay, enter, type Frame, frameAround, type Sample } from './sample.ts'
import { norasSamples, ownCalendars, staffSamples } from './staff.ts'
import { workSamples } from './work.ts'

export const calendarIds = {
  work: 'c_harbourplumbingwork@group.calendar.google.com',
  roster: 'c_teamroster@group.calendar.google.com',
  holidays: 'en.australian#holiday@group.v.calendar.google.com',
}

/**
 * Fills an empty world: Olive with four calendars and about 400 events in the two years around
 * `now`, three of her staff, two of them with calendars for jobs and private events, and Nora, who
 * has no business yet. The same `now` gives the same calendars.
 */
export function seedSamples(person: Person, options: { now?: Temporal.Instant } = {}): void {
  const now = options.now ?? Temporal.Now.instant()
  const frame = frameAround(now, { zone: olive.timeZone, random: createRandom(1907) })
  const holidays = [-1, 0, 1].flatMap((years) => publicHolidays(frame.today.year + years))
  const daysOff = new Set(holidays.filter(isDayOff).map(({ date }) => date.toString()))
  for (const account of everyone) addAccount(person, account)
  addOwnersCalendars(person)
  const own = { email: olive.email, calendarId: 'primary' }
  enter(person, own, [...ownerSeries(frame, daysOff), ...ownerSingles(frame, daysOff)])
  enter(person, { ...own, calendarId: calendarIds.work }, workSamples(frame, daysOff))
  addRoster(person, { ...frame, zone: 'Australia/Perth' }, daysOff)
  addHolidays(
    person,
    holidays.filter(({ date }) => inFrame(frame, date)).map(({ date, name }) => holidayEvent(date, name)),
  )
  for (const [email, samples] of staffSamples(frame)) enter(person, { email, calendarId: 'primary' }, samples)
  for (const { samples, ...calendar } of ownCalendars(frame)) {
    person.addCalendar({ ...calendar, timeZone: frame.zone, accessRole: 'owner', selected: true })
    enter(person, { email: calendar.email, calendarId: calendar.id }, samples)
  }
  const lisbon = frameAround(now, { zone: nora.timeZone, random: frame.random })
  enter(person, { email: nora.email, calendarId: 'primary' }, norasSamples(lisbon))
}

function addAccount(person: Person, account: (typeof everyone)[number]): void {
  person.addAccount(account)
  person.updateCalendar({
    email: account.email,
    calendarId: 'primary',
    changes: { backgroundColor: '#1a6fd6' },
  })
}

/**
 * Christmas Eve and New Year's Eve are in the calendar but are working days, as is the bank
 * holiday.
 */
function isDayOff({ name }: { name: string }): boolean {
  return !name.endsWith('Eve') && !name.startsWith('Bank')
}

function inFrame({ from, to }: Frame, date: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, to) < 0
}

function addOwnersCalendars(person: Person): void {
  person.addCalendar({
    email: olive.email,
    summary: 'Work',
    id: calendarIds.work,
    timeZone: olive.timeZone,
    accessRole: 'owner',
    backgroundColor: '#0b8043',
    selected: true,
  })
}

function addRoster(person: Person, frame: Frame, daysOff: Set<string>): void {
  const shared = {
    summary: 'Team roster',
    id: calendarIds.roster,
    timeZone: frame.zone,
    backgroundColor: '#8e24aa',
    selected: true,
  }
  person.addCalendar({ ...shared, email: mia.email, accessRole: 'owner' })
  enter(person, { email: mia.email, calendarId: calendarIds.roster }, rosterSamples(frame, daysOff))
  // In her list, but not selected: she shows it only now and then.
  person.addCalendar({ ...shared, email: olive.email, accessRole: 'reader', selected: false })
}

function addHolidays(person: Person, samples: Sample[]): void {
  const shared = {
    summary: 'Holidays in Australia',
    id: calendarIds.holidays,
    kind: 'holidays' as const,
    timeZone: olive.timeZone,
    backgroundColor: '#c0651b',
    selected: true,
  }
  person.addCalendar({ ...shared, email: olive.email, accessRole: 'owner', push: false })
  enter(person, { email: olive.email, calendarId: calendarIds.holidays }, samples)
  person.setAccess({ email: olive.email, calendarId: calendarIds.holidays, role: 'reader' })
}

function holidayEvent(date: Temporal.PlainDate, name: string): Sample {
  return allDay(
    { on: date },
    { summary: name, description: 'Public holiday', transparency: 'transparent', visibility: 'public' },
  )
}
