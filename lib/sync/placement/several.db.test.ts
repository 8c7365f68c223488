import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { fields } from '#testing/appointment-fields.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { settle, type Teammate, test } from '#testing/team/team-test.ts'
import { eventIdFor } from '../core/event-id.ts'
import { idTailOf } from './id-tail.ts'
import { requestPlacement } from './request-placement.ts'

/** Appointments in the calendar of the business and in those of their assignees. */

type Choice = 'business' | 'assignees' | 'both'

const choose = async (fixture: SyncFixture, choice: Choice) => {
  const { database, businessId } = fixture
  await database.db.transaction(async (tx) => {
    await tx.execute(`update businesses set appointments_go = '${choice}' where id = '${businessId}'`)
    await requestPlacement(tx, businessId)
  })
}
const idIn = ({ calendarId, memberId }: Teammate, appointmentId: string, suffix = 0) =>
  eventIdFor(appointmentId, suffix, idTailOf({ calendarId, memberId }))
const work = (fixture: SyncFixture) => fixture.liveIn(fixture.calendarId)
const ids = (...members: Teammate[]) => members.map(({ memberId }) => memberId).sort()

/** The acknowledged writes since then, with whose calendar each was in. */
const recordWrites = ({ google }: SyncFixture) => {
  const last = google.world.log.last()
  return () =>
    google.world.log
      .since(last)
      .filter(({ operation, status }) => /events\.(insert|patch|delete)/.test(operation) && status < 300)
      .map(({ operation, email }) => `${email?.split('-')[0]} ${operation.replace('events.', '')}`)
}
/** Its grant may be dead: the next request needs a new access token. */
const forgetToken = ({ database }: SyncFixture, { email }: Teammate) =>
  database.sql`update google_accounts set access_token = null where google_email = ${email}`

const bookInProduct = async (fixture: SyncFixture, assigneeIds: string[]) => {
  const { database, businessId, ownerId } = fixture
  const id = randomUUID()
  const made = await changeAppointmentRow(tenantDb(database, businessId), {
    businessId,
    member: { id: ownerId, role: 'owner' },
    change: { kind: 'create', id, fields: fields({ assigneeIds }) },
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!made.ok) throw new Error(made.code)
  return { id }
}

const activity = async ({ database }: SyncFixture, id: string) =>
  (await database.sql`select what, detail from activity where appointment_id = ${id} order by id`).map(
    ({ what, detail }) => [what, detail],
  )

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

describe('reassigned from Ben to Mia', () => {
  test('it is in Mia’s calendar before it leaves Ben’s, with one write each', async ({ fixture, ben, mia }) => {
    await choose(fixture, 'assignees')
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], ['Tap'], []])
    const writes = recordWrites(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    // Ben's run comes first, and waits.
    await ben.sync()
    expect(ben.live()).toEqual(['Tap'])
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], [], ['Tap']])
    expect(writes()).toEqual(['mia insert', 'ben delete'])
  })

  test('and back before it left, it stays', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await ben.sync()
    await fixture.edit(id, { assigneeIds: ids(ben) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], ['Tap'], []])
    expect(ben.event(idIn(ben, id))).toMatchObject({ status: 'confirmed' })
  })

  test('and back afterwards, it has a new event', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    for (const whose of [mia, ben, mia, ben]) {
      await fixture.edit(id, { assigneeIds: ids(whose) })
      await settle(fixture)
    }
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], ['Tap'], []])
  })

  test('while its change is being sent to Ben’s, it does not leave before it is in Mia’s', async ({
    fixture,
    ben,
    mia,
  }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { title: 'New tap' })
    const patch = fixture.holdNext('events.patch')
    const run = ben.sync()
    await patch.reached
    // Refused by `If-Match`, so that the step is decided again.
    ben.inGoogle.change(idIn(ben, id), { location: 'Shed' })
    await fixture.edit(id, { assigneeIds: ids(mia) })
    patch.release()
    await run
    expect(ben.event(idIn(ben, id))?.status).toBe('confirmed')
    await settle(fixture)
    expect([ben.live(), mia.live()]).toEqual([[], ['New tap']])
  })

  test('what Ben changed in it just before is followed', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.change(idIn(ben, id), { location: 'Pier 4' })
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await mia.sync()
    await settle(fixture)
    await settle(fixture)
    expect(await fixture.appointment(id)).toMatchObject({ location: 'Pier 4' })
    expect(mia.event(idIn(mia, id))).toMatchObject({ location: 'Pier 4' })
    expect(ben.live()).toEqual([])
  })

  test('cancelled in between, it is nowhere', async ({ fixture, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await fixture.cancel(id)
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([[], [], []])
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

describe('a member', () => {
  test('unlinks: events stay; links again: they are adopted', async ({ fixture, ben }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    await ben.unlink()
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Tap'], ['Tap']])
    await fixture.edit(id, { title: 'Drain' })
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Drain'], ['Tap']])
    await ben.link()
    const writes = recordWrites(fixture)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Drain'], ['Drain']])
    expect(writes().filter((write) => write.endsWith('insert'))).toEqual([])
  })

  test('with a dead grant delays no one else', async ({ fixture, google, ben, mia }) => {
    await choose(fixture, 'assignees')
    await settle(fixture)
    const moving = await fixture.book({ title: 'Moving', assigneeIds: ids(ben) })
    await settle(fixture)
    google.person.revokeAccess({ email: ben.email })
    await forgetToken(fixture, ben)
    await fixture.book({ title: 'Bens', assigneeIds: ids(ben) })
    await fixture.book({ title: 'Mias', assigneeIds: ids(mia) })
    await fixture.edit(moving, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect(mia.live()).toEqual(['Moving', 'Mias'])
    expect((await ben.calendar())?.waitsForPerson).toBe(true)
    expect(await fixture.calendar()).toMatchObject({ failingSince: null })
    expect(await mia.calendar()).toMatchObject({ failingSince: null })
  })

  test('has private events stored without content, which block only them', async ({ fixture, ben, mia }) => {
    const time = (hour: number) => ({ dateTime: `2027-02-01T0${hour}:00:00Z` })
    ben.inGoogle.create({ summary: 'Clinic', location: 'Zebra', description: 'Zebra', start: time(1), end: time(2) })
    await ben.sync()
    const { sql } = fixture.database
    const rows = await sql`
      select title, location, description, guest_member_ids as guests from google_events
      where synced_calendar_id = ${ben.syncedCalendarId}`
    expect([...rows]).toEqual([{ title: '', location: '', description: '', guests: [] }])
    const db = tenantDb(fixture.database, fixture.businessId)
    const span = { start: '2027-02-01T00:00:00Z', end: '2027-02-02T00:00:00Z' }
    const read = {
      businessId: fixture.businessId,
      role: 'owner',
      viewerId: mia.memberId,
      span,
      now: span.start,
    } as const
    const { busy, occurrences } = await readCalendarRange(db, read)
    expect(busy).toMatchObject([{ memberId: ben.memberId, htmlLink: '' }])
    expect(occurrences).toEqual([])
  })
})

describe('deleted in Ben’s own calendar', () => {
  const remove = async (fixture: SyncFixture, ben: Teammate) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.remove(idIn(ben, id))
    await ben.sync()
    await settle(fixture)
    return id
  }

  test('it is flagged, stays elsewhere, and a change elsewhere does not end the question', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    expect((await fixture.appointment(id))?.removedInGoogleAt).not.toBeNull()
    expect(await activity(fixture, id)).toContainEqual([
      'appointment.removed-in-google',
      'Ben removed this from their own calendar.',
    ])
    expect([work(fixture), ben.live()]).toEqual([['Tap'], []])
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Drain' })
    await fixture.sync()
    await fixture.edit(id, { location: 'Pier 4' })
    await settle(fixture)
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain', removedInGoogleAt: expect.any(String) })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Drain', location: 'Pier 4' })
  })

  test('put back, it is there again under the next id', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    await fixture.putBack(id)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([['Tap'], ['Tap']])
    expect(ben.event(idIn(ben, id, 1))).toMatchObject({ summary: 'Tap' })
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('cancelled, it is nowhere', async ({ fixture, ben }) => {
    const id = await remove(fixture, ben)
    await fixture.cancel(id)
    await settle(fixture)
    expect([work(fixture), ben.live()]).toEqual([[], []])
  })

  test('reassigned, the question is over', async ({ fixture, ben, mia }) => {
    const id = await remove(fixture, ben)
    await fixture.edit(id, { assigneeIds: ids(mia) })
    await settle(fixture)
    expect([work(fixture), ben.live(), mia.live()]).toEqual([['Tap'], [], ['Tap']])
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null, status: 'booked' })
  })

  test.for([
    ['cancel', [], []],
    ['put-back', ['Tap'], ['Tap']],
  ] as const)('the default answer %s applies in every calendar', async ([answer, atWork, bens], { fixture, ben }) => {
    await fixture.setDefaultAnswer(answer)
    await remove(fixture, ben)
    expect([work(fixture), ben.live()]).toEqual([atWork, bens])
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
  expect((await activity(fixture, id)).map(([what]) => what)).toEqual([
    'appointment.changed-in-google',
    'appointment.google-change-overruled',
  ])
})

describe('the sync mark', () => {
  const markOf = async (fixture: SyncFixture, id: string) => {
    const { database, businessId } = fixture
    const span = { start: '2027-01-01T00:00:00Z', end: '2027-12-31T00:00:00Z' }
    const now = new Date().toISOString()
    const range = await readCalendarRange(tenantDb(database, businessId), { businessId, role: 'owner', span, now })
    return range.appointments.find((appointment) => appointment.id === id)?.sync
  }

  test('lists the calendars where it belongs, and is that of the worst', async ({ fixture, google, ben, mia }) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: ids(ben, mia) })
    expect(await markOf(fixture, id)).toMatchObject({ state: 'saving' })
    await fixture.sync()
    await mia.sync()
    const of = ({ memberId, name }: Teammate, state: string) => ({ name, memberId, state, why: '' })
    const business = { name: 'Work', memberId: null, state: 'in-google', why: '' }
    const inOrder = (...marks: { memberId: string | null }[]) =>
      marks.toSorted((a, b) => (String(a.memberId) < String(b.memberId) ? -1 : 1))
    expect(await markOf(fixture, id)).toEqual({
      state: 'saving',
      calendars: [business, ...inOrder(of(ben, 'saving'), of(mia, 'in-google'))],
    })
    google.person.revokeAccess({ email: ben.email })
    await forgetToken(fixture, ben)
    await ben.sync()
    expect(await markOf(fixture, id)).toMatchObject({ state: 'needs-attention', reason: 'calendar' })
  })

  test('of one only in the calendar of the business lists none', async ({ fixture }) => {
    const id = await fixture.book({ assigneeIds: [fixture.ownerId] })
    await settle(fixture)
    expect(await markOf(fixture, id)).toEqual({ state: 'in-google', htmlLink: expect.any(String) })
  })

  test('after a deletion in Ben’s calendar names it alone', async ({ fixture, ben }) => {
    const id = await fixture.book({ assigneeIds: ids(ben) })
    await settle(fixture)
    ben.inGoogle.remove(idIn(ben, id))
    await ben.sync()
    expect(await markOf(fixture, id)).toMatchObject({
      state: 'needs-attention',
      reason: 'removed',
      calendars: [{ state: 'in-google' }, { name: 'Ben', state: 'needs-attention' }],
    })
  })
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
