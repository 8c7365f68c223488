import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** What people do to events in Google keeps its meaning. */

test('a person makes a word bold, then notes are edited here: one block of ours, their words kept', async ({
  fixture,
  google,
}) => {
  const id = await fixture.book({ customerName: 'K. Ng', notes: 'Gate code 4411' })
  await fixture.sync()
  const before = fixture.event(eventIdFor(id, 0))?.description
  fixture.inGoogle.change(eventIdFor(id, 0), { description: `${before}\nBring a ladder` })
  google.person.formatDescription({ ...fixture.at(eventIdFor(id, 0)), bold: 'ladder' })
  await fixture.sync()
  await fixture.edit(id, { notes: 'Gate code 5522' })
  await fixture.sync()
  const description = fixture.event(eventIdFor(id, 0))?.description ?? ''
  for (const once of ['Customer: K. Ng', 'Booked in Sophiie', 'Gate code 5522', '<b>ladder</b>'])
    expect(description.split(once)).toHaveLength(2)
  expect(description).not.toContain('4411')
  await fixture.edit(id, { notes: '' })
  await fixture.sync()
  const last = fixture.event(eventIdFor(id, 0))?.description ?? ''
  expect(last.split('Customer: K. Ng')).toHaveLength(2)
  expect(last).not.toContain('5522')
})

test.for(['   ', '\u200b'])('an event renamed to %j keeps the title of its appointment', async (title, { fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: title, location: 'Bondi' })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap', location: 'Bondi' })
})

test('an event set to no length on another day is followed with five minutes', async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  const moment = { dateTime: '2027-02-03T10:00:00+11:00', timeZone: 'Australia/Sydney' }
  fixture.inGoogle.change(eventIdFor(id, 0), { start: moment, end: moment })
  await fixture.sync()
  const row = await fixture.appointment(id)
  expect(Date.parse(row?.startsAt ?? '')).toBe(Date.parse('2027-02-02T23:00:00Z'))
  expect(Date.parse(row?.endsAt ?? '')).toBe(Date.parse('2027-02-02T23:05:00Z'))
  await fixture.edit(id, { title: 'Edited' })
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Edited' })
  expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: null })
  const requests = await fixture.requestsDuring(fixture.sync)
  expect(requests).toEqual(['events.list'])
})

describe('guests of an event', () => {
  const times = {
    start: { dateTime: '2027-01-12T10:00:00+11:00', timeZone: 'Australia/Sydney' },
    end: { dateTime: '2027-01-12T11:00:00+11:00', timeZone: 'Australia/Sydney' },
  }
  type Guest = { email: string; self?: boolean; responseStatus: string }

  const blocked = async (fixture: SyncFixture, attendees: Guest[]) => {
    fixture.inGoogle.create({ summary: 'Meeting', ...times })
    fixture.injectFault('events.list', {
      kind: 'rewrite',
      rewrite: (answer) => {
        const page = answer as { items: object[] }
        return { ...page, items: page.items.map((item) => ({ ...item, attendees })) }
      },
    })
    await fixture.sync()
    const [row] = await fixture.database.sql<{ ids: string[] }[]>`
      select guest_member_ids as ids from google_events where synced_calendar_id = ${fixture.syncedCalendarId}`
    return row?.ids.map((id) => (id === fixture.ownerId ? 'owner' : id === fixture.staffId ? 'mia' : id)).sort()
  }
  const miaOf = async (fixture: SyncFixture) => {
    const [row] = await fixture.database.sql<
      { email: string }[]
    >`select email from members where id = ${fixture.staffId}`
    return row?.email ?? ''
  }

  test('a guest who declined is free', async ({ fixture }) => {
    const mia = { email: await miaOf(fixture), responseStatus: 'declined' }
    const owner = { email: fixture.email, self: true, responseStatus: 'accepted' }
    expect(await blocked(fixture, [mia, owner])).toEqual(['owner'])
  })

  test('all declined: only the linked member is left', async ({ fixture }) => {
    expect(await blocked(fixture, [{ email: await miaOf(fixture), responseStatus: 'declined' }])).toEqual(['owner'])
  })

  test('an alias of the linked account is the linked member', async ({ fixture }) => {
    const mia = { email: await miaOf(fixture), responseStatus: 'accepted' }
    const alias = { email: 'olive.alias@harbour.example', self: true, responseStatus: 'accepted' }
    expect(await blocked(fixture, [mia, alias])).toEqual(['mia', 'owner'])
  })

  test('a calendar of its own that is invited is no person', async ({ fixture }) => {
    const mia = { email: await miaOf(fixture), responseStatus: 'accepted' }
    const calendar = { email: fixture.calendarId, self: true, responseStatus: 'accepted' }
    expect(await blocked(fixture, [mia, calendar])).toEqual(['mia'])
  })
})
