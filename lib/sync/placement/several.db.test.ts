import { describe, expect } from 'vitest'
import { activity, bookInProduct, choose, idIn, ids, recordWrites, work } from '#testing/team/placement.ts'
import { settle, test } from '#testing/team/team-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Appointments in the calendar of the business and in those of their assignees. */

describe('an appointment of two members', () => {
  test('is in three calendars, under three ids, and a second run is idle', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], ['Tap'], ['Tap']])
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap' })
    expect(fixture.event(eventIdFor(id, 0))?.attendees ?? []).toEqual([])
    expect(ben.event(idIn(ben, id))).toMatchObject({ summary: 'Tap' })
    expect(mia.event(idIn(mia, id))).toMatchObject({ summary: 'Tap' })
    const writes = recordWrites(fixture)
    for (const each of [fixture, ben, mia]) await each.sync()
    const requests = fixture.recordRequests()
    for (const each of [fixture, ben, mia]) await each.sync()
    expect(requests()).toEqual(['events.list', 'events.list', 'events.list'])
    expect(writes()).toEqual([])
  })

  test('runs of all calendars at once choose different ids', async ({ fixture, ben, mia }) => {
    const booked = await Promise.all(
      Array.from({ length: 12 }, () => fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })),
    )
    await Promise.all([fixture.sync(), ben.sync(), mia.sync()])
    const { sql } = fixture.database
    const rows = await sql`select event_id from event_mappings where appointment_id in ${sql(booked)}`
    expect(new Set(rows.map((row) => row.event_id)).size).toBe(36)
    expect([work(fixture), ben.live(), mia.live()].map((titles) => titles.length)).toEqual([12, 12, 12])
  })

  test('blocks neither of them, nor does an invitation to it', async ({ fixture, ben, mia }) => {
    await choose(fixture, 'business')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
    await settle(fixture)
    // Both are guests of the event of the business: Google puts copies into their main calendars.
    await fixture.database
      .sql`update synced_calendars set calendar_id = ${ben.email} where id = ${ben.syncedCalendarId}`
    await fixture.database.sql`update synced_calendars set sync_token = null where id = ${ben.syncedCalendarId}`
    await ben.sync()
    const copy = fixture.google.person.event({ email: ben.email, calendarId: ben.email, eventId: eventIdFor(id, 0) })
    expect(copy).toMatchObject({ summary: 'Tap' })
    const rows = await fixture.database.sql`
      select from google_occurrences where synced_calendar_id in (${ben.syncedCalendarId}, ${mia.syncedCalendarId})`
    expect(rows).toHaveLength(0)
  })
})

describe('the choice of the owner', () => {
  test('moves upcoming appointments, and leaves past ones where they are', async ({ fixture, ben, mia }) => {
    const past = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T01:00:00Z' }
    await fixture.book({ title: 'Past', assigneeIds: ids(ben), ...past })
    await fixture.book({ title: 'Bens', assigneeIds: ids(ben) })
    await fixture.book({ title: 'Both', assigneeIds: ids(ben, mia) })
    await fixture.book({ title: 'Olives', assigneeIds: [fixture.ownerId] })
    await fixture.book({ title: 'Open', assigneeIds: [] })
    await settle(fixture)
    const everything = ['Past', 'Bens', 'Both', 'Olives', 'Open']
    expect([work(fixture), ben.live(), mia.live()]).toEqual([everything, ['Past', 'Bens', 'Both'], ['Both']])
    await choose(fixture, 'assignees')
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([
      ['Past', 'Olives', 'Open'],
      ['Past', 'Bens', 'Both'],
      ['Both'],
    ])
    await choose(fixture, 'business')
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([everything, ['Past'], []])
  })

  test('decides who is a guest', async ({ fixture, ben }) => {
    const id = await fixture.book({ assigneeIds: [...ids(ben), fixture.staffId].sort() })
    await settle(fixture)
    const guests = () => (fixture.event(eventIdFor(id, 0))?.attendees ?? []).map(({ email }) => email?.split('-')[0])
    expect(guests()).toEqual(['mia'])
    await choose(fixture, 'business')
    await settle(fixture)
    expect(guests().sort()).toEqual(['ben', 'mia'])
  })
})

test('a change in one calendar is followed in the others', async ({ fixture, ben, mia }) => {
  const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
  await settle(fixture)
  ben.inGoogle.change(idIn(ben, id), { summary: 'Drain' })
  await ben.sync()
  await settle(fixture)
  expect([work(fixture), ben.live(), mia.live()]).toEqual([['Drain'], ['Drain'], ['Drain']])
})

test('two copies edited differently: the first stands, the other is corrected', async ({ fixture, ben, mia }) => {
  const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
  await settle(fixture)
  ben.inGoogle.change(idIn(ben, id), { summary: 'Bens' })
  mia.inGoogle.change(idIn(mia, id), { summary: 'Mias' })
  await ben.sync()
  await mia.sync()
  await settle(fixture)
  expect([work(fixture), ben.live(), mia.live()]).toEqual([['Bens'], ['Bens'], ['Bens']])
  expect(await activity(fixture, id)).toEqual([
    ['appointment.changed-in-google', ''],
    ['appointment.google-change-overruled', 'Changed in two places; the change that reached Sophiie first was kept.'],
  ])
})

test('a booking requests runs of the calendars concerned alone', async ({ fixture, ben, mia }) => {
  const { database } = fixture
  const requested = async () => {
    const rows = await database.sql<{ id: string }[]>`
      select synced_calendar_id as id from sync_requests where business_id = ${fixture.businessId} and requested > processed`
    return rows.map(({ id }) => id).sort()
  }
  const { id } = await bookInProduct(fixture, ids(ben))
  expect(await requested()).toEqual([fixture.syncedCalendarId, ben.syncedCalendarId].sort())
  await settle(fixture)
  expect([ben.live().length, mia.live().length]).toEqual([1, 0])
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
})
