import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { EventResource } from '../model.ts'
import { createPerson } from '../person/create-person.ts'
import type { Person } from '../person/person.ts'
import { createWorld } from '../world.ts'
import { olive } from './people.ts'
import { calendarIds, seedSamples } from './seed.ts'

const now = Temporal.Instant.from('2026-11-23T00:00:00Z')

function seeded(at = now) {
  const world = createWorld()
  const person = createPerson(world)
  seedSamples(person, { now: at })
  return { world, person }
}

const { world, person } = seeded()

function stored(calendarId: string) {
  return [...(world.state.calendars.get(calendarId)?.events.values() ?? [])]
}

function instances(calendarId: string, of: Person = person): EventResource[] {
  const email = calendarId === calendarIds.roster ? 'mia@harbourplumbing.example' : olive.email
  return of.instances({ email, calendarId, timeMin: '2025-11-24T00:00:00Z', timeMax: '2027-11-22T00:00:00Z' })
}

describe('the owner', () => {
  test('has four calendars with their roles and time zones', () => {
    const calendars = person
      .calendars(olive.email)
      .map(({ id, accessRole, timeZone, primary }) => ({ id, accessRole, timeZone, primary }))
    expect(calendars).toEqual(
      expect.arrayContaining([
        { id: olive.email, accessRole: 'owner', timeZone: 'Australia/Sydney', primary: true },
        { id: calendarIds.work, accessRole: 'owner', timeZone: 'Australia/Sydney' },
        { id: calendarIds.roster, accessRole: 'reader', timeZone: 'Australia/Perth' },
        { id: calendarIds.holidays, accessRole: 'reader', timeZone: 'Australia/Sydney' },
      ]),
    )
    expect(calendars).toHaveLength(4)
    expect(world.state.calendars.get(calendarIds.holidays)?.push).toBe(false)
    expect(world.state.calendars.get(calendarIds.work)?.push).toBe(true)
  })

  test('has about 400 events, none created by a client', () => {
    const all = [olive.email, ...Object.values(calendarIds)].flatMap(stored)
    expect(all.length).toBeGreaterThan(380)
    expect(all.length).toBeLessThan(440)
    expect(all.every(({ createdByClient }) => createdByClient === null)).toBe(true)
  })

  test('has every kind of event that Google offers', () => {
    const events = stored(olive.email)
    const own = (event: (typeof events)[number]) => event.content.attendees?.find(({ email }) => email === olive.email)
    const count = (is: (event: (typeof events)[number]) => unknown) => events.filter(is).length
    const types = (type: string) => count(({ eventType }) => eventType === type)
    expect(count(({ content }) => content.recurrence)).toBeGreaterThan(25)
    expect(count(({ masterId, status }) => masterId && status === 'cancelled')).toBeGreaterThan(5)
    expect(count(({ masterId, status }) => masterId && status !== 'cancelled')).toBeGreaterThan(8)
    expect(count(({ start }) => start.date)).toBeGreaterThan(15)
    expect(count(({ content }) => content.transparency === 'transparent')).toBeGreaterThan(15)
    expect(count(({ content }) => content.visibility === 'private')).toBeGreaterThan(8)
    expect(count(({ status }) => status === 'tentative')).toBeGreaterThan(2)
    for (const answer of ['declined', 'tentative', 'needsAction']) {
      expect(count((event) => own(event)?.responseStatus === answer)).toBeGreaterThan(2)
    }
    expect(types('outOfOffice')).toBe(5)
    expect(types('focusTime')).toBeGreaterThan(1)
    expect(types('workingLocation')).toBe(2)
    expect(types('birthday')).toBe(6)
    expect(count(({ content }) => !content.summary)).toBe(3)
    expect(count(({ content }) => /[\u0590-\u06ff]/.test(content.summary ?? ''))).toBe(2)
    expect(count(({ content }) => (content.summary?.length ?? 0) > 200)).toBe(1)
    expect(count(({ start }) => start.date === undefined && !start.timeZone)).toBe(5)
    expect(count(({ start }) => start.date === undefined && start.timeZone === 'Australia/Perth')).toBeGreaterThan(2)
    expect(
      count(({ start, end }) => start.date === undefined && end.date === undefined && start.timeZone !== end.timeZone),
    ).toBe(2)
  })

  test('has no stand-ups on public holidays', () => {
    const labourDay = instances('primary').filter(({ start }) => start.dateTime?.startsWith('2026-10-05'))
    expect(labourDay.map(({ summary }) => summary)).not.toContain('Stand-up')
    const dayAfter = instances('primary').filter(({ start }) => start.dateTime?.startsWith('2026-10-07'))
    expect(dayAfter.map(({ summary }) => summary)).toContain('Stand-up')
  })

  test('a series in another zone follows daylight saving there and at home', () => {
    const hours = instances('primary')
      .filter(({ summary }) => summary === 'Call Gran in Leeds')
      .map(({ start }) => Temporal.Instant.from(String(start.dateTime)).toZonedDateTimeISO('Australia/Sydney').hour)
    expect(new Set(hours)).toEqual(new Set([18, 19, 20]))
  })
})

describe('the other accounts', () => {
  test('are three staff with a few events and invitations, and Nora in Lisbon', () => {
    const emails = person.accounts().map(({ email }) => email)
    expect(emails).toHaveLength(5)
    for (const email of emails) {
      const events = person.instances({
        email,
        calendarId: 'primary',
        timeMin: '2026-11-22T13:00:00Z',
        timeMax: '2026-11-29T13:00:00Z',
      })
      expect(events.length, email).toBeGreaterThan(1)
    }
    const invited = stored('mia@harbourplumbing.example').filter(({ organizer }) => organizer.email === olive.email)
    expect(invited.map(({ content }) => content.summary)).toContain('Stand-up')
    expect(person.accounts().find(({ email }) => email.startsWith('nora'))?.timeZone).toBe('Europe/Lisbon')
  })
})

describe('Mia and Tom', () => {
  test.each(['mia', 'tom'])('%s has calendars for jobs and private events, with some this week', (name) => {
    const email = `${name}@harbourplumbing.example`
    const own = person.calendars(email).filter(({ summary }) => summary === 'Jobs' || summary === 'Private')
    expect(own.map(({ summary }) => summary).sort()).toEqual(['Jobs', 'Private'])
    for (const { id, accessRole } of own) {
      expect(accessRole).toBe('owner')
      const week = { timeMin: '2026-11-22T13:00:00Z', timeMax: '2026-11-29T13:00:00Z' }
      expect(person.instances({ email, calendarId: id, ...week }).length).toBeGreaterThan(1)
    }
  })
})

describe('the same `now` gives the same calendars', () => {
  const content = (of: Person) =>
    [olive.email, ...Object.values(calendarIds)].flatMap((calendarId) =>
      instances(calendarId, of).map(({ summary, start, end, status, attendees }) => ({
        summary,
        start,
        end,
        status,
        attendees,
      })),
    )

  test('in two worlds', () => {
    expect(content(seeded().person)).toEqual(content(person))
  })

  test('and seeding succeeds on leap days, at clock changes and through two years', () => {
    const odd = ['2024-02-29T12:00:00Z', '2026-04-04T16:30:00Z', '2026-10-03T16:30:00Z', '2031-12-31T20:00:00Z']
    const monthly = Array.from({ length: 24 }, (_, index) => now.add({ hours: 24 * 31 * index }))
    for (const at of [...odd.map((text) => Temporal.Instant.from(text)), ...monthly]) {
      expect(seeded(at).person.accounts(), at.toString()).toHaveLength(5)
    }
  })
})
