import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { fields } from '#testing/appointment-fields.ts'
import { entries } from '#testing/member-link-test.ts'
import { type SyncFixture, setUpFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { saveBusyCalendars } from './save.ts'
import type { BusyWish } from './schema.ts'

/** Further calendars of the business account. */

const time = (instant: string) => ({ dateTime: instant, timeZone: 'UTC' })
// A Monday in Sydney, open from 8 to 5.
const garage = { start: '2027-01-11T00:00:00Z', end: '2027-01-11T01:00:00Z' }
const day = { start: '2027-01-10T21:00:00Z', end: '2027-01-11T06:00:00Z' }
const now = '2027-01-10T13:00:00Z'

const test = syncTest.extend('roster', async ({ database, fixture }) => {
  const id = fixture.addCalendar('Roster')
  const rows = () => database.sql`
    select id, calendar_name, blocks_member_ids, purpose from synced_calendars
    where business_id = ${fixture.businessId} and calendar_id = ${id}`
  return {
    id,
    rows,
    save: (wishes: BusyWish[]) => saveBusyCalendars(fixture.viewer, 'business', wishes),
    sync: async () => syncCalendar(database, String((await rows())[0]?.id)),
    event: (event: object = {}) =>
      fixture.google.person.create({
        ...{ email: fixture.email, calendarId: id },
        event: { summary: 'Van at the garage', start: time(garage.start), end: time(garage.end), ...event },
      }),
  }
})

const db = ({ database, businessId }: SyncFixture) => tenantDb(database, businessId)

const book = (fixture: SyncFixture, assigneeIds: string[]) =>
  changeAppointmentRow(db(fixture), {
    businessId: fixture.businessId,
    member: { id: fixture.ownerId, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields({ ...garage, assigneeIds }) },
    bookAnyway: false,
    googleUnchecked: false,
  })

const range = (fixture: SyncFixture, role: 'owner' | 'staff' = 'owner') =>
  readCalendarRange(db(fixture), { businessId: fixture.businessId, role, span: day, now })

describe('choosing', () => {
  test('for everyone, then for some, then not at all', async ({ database, fixture, roster }) => {
    const { id, save } = roster
    expect(await save([{ calendarId: id, blocksMemberIds: null }])).toEqual({ ok: true, calendars: 1 })
    expect(await roster.rows()).toMatchObject([{ calendar_name: 'Roster', blocks_member_ids: null, purpose: 'busy' }])
    await save([{ calendarId: id, blocksMemberIds: [fixture.staffId] }])
    expect(await roster.rows()).toMatchObject([{ blocks_member_ids: [fixture.staffId] }])
    expect(await settingsOf(fixture.businessId)).toMatchObject({
      calendar: { id: fixture.calendarId },
      busy: [{ id, name: 'Roster', blocksMemberIds: [fixture.staffId], status: { state: 'importing' } }],
    })
    const changes = async () =>
      (await entries(database, fixture)).filter(({ what }) => what === 'google.shared-busy-calendars-changed')
    expect(await changes()).toHaveLength(2)
    await save([{ calendarId: id, blocksMemberIds: [fixture.staffId] }])
    expect(await changes()).toHaveLength(2)
    await save([])
    expect(await roster.rows()).toEqual([])
  })

  test('members of another business, and the business calendar, are refused', async ({
    database,
    fixture,
    google,
    roster,
  }) => {
    const other = await setUpFixture(database, google)
    const wish = { calendarId: roster.id, blocksMemberIds: [fixture.staffId, other.ownerId] }
    expect(await roster.save([wish])).toMatchObject({ ok: false, code: 'invalid' })
    const business = { calendarId: fixture.calendarId, blocksMemberIds: null }
    expect(await roster.save([business])).toMatchObject({ ok: false, code: 'not-offered' })
    const through = await saveBusyCalendars(other.viewer, 'business', [
      { calendarId: roster.id, blocksMemberIds: null },
    ])
    expect(through).toMatchObject({ ok: false, code: 'not-offered' })
    expect(await roster.rows()).toEqual([])
  })

  test('chosen for appointments, it is busy no more', async ({ fixture, roster }) => {
    await roster.save([{ calendarId: roster.id, blocksMemberIds: null }])
    expect(await fixture.select(roster.id, 'Roster')).toMatchObject({ ok: true })
    expect(await roster.rows()).toMatchObject([{ purpose: 'appointments' }])
  })
})

describe('its events', () => {
  test('show locked with their titles, and block everyone', async ({ fixture, roster }) => {
    roster.event({ location: 'Garage', description: 'Bring the key' })
    await roster.save([{ calendarId: roster.id, blocksMemberIds: null }])
    await roster.sync()
    const { occurrences, busy } = await range(fixture)
    expect(occurrences).toMatchObject([
      { title: 'Van at the garage', location: 'Garage', description: 'Bring the key', blocks: true, ...garage },
    ])
    expect(busy).toEqual([])
    const clash = { kind: 'google', title: 'Van at the garage', memberIds: [fixture.staffId] }
    expect(await book(fixture, [fixture.staffId])).toMatchObject({ ok: false, code: 'clash' })
    expect(await book(fixture, [fixture.ownerId])).toMatchObject({ ok: false, code: 'clash' })
    expect(clash.memberIds).toHaveLength(1)
  })

  test('block only the members it is ticked for', async ({ fixture, roster }) => {
    roster.event()
    await roster.save([{ calendarId: roster.id, blocksMemberIds: [fixture.staffId] }])
    await roster.sync()
    expect((await range(fixture)).occurrences).toMatchObject([{ memberIds: [fixture.staffId] }])
    expect(await book(fixture, [fixture.staffId])).toMatchObject({ ok: false, code: 'clash' })
    expect(await book(fixture, [fixture.ownerId])).toMatchObject({ ok: true })
  })

  test('for everyone block everyone, also if events without guests block only the linked member', async ({
    database,
    fixture,
    roster,
  }) => {
    await database.sql`update businesses set guestless_blocks = 'linked-member' where id = ${fixture.businessId}`
    roster.event()
    await roster.save([{ calendarId: roster.id, blocksMemberIds: null }])
    await roster.sync()
    expect(await book(fixture, [fixture.staffId])).toMatchObject({ ok: false, code: 'clash' })
  })

  test('are hidden from staff where the owner chose so, and free ones block no one', async ({
    database,
    fixture,
    roster,
  }) => {
    await database.sql`update businesses set staff_see = 'busy' where id = ${fixture.businessId}`
    roster.event()
    roster.event({ summary: 'Early shift', transparency: 'transparent' })
    await roster.save([{ calendarId: roster.id, blocksMemberIds: [fixture.staffId] }])
    await roster.sync()
    const seen = (await range(fixture, 'staff')).occurrences
    expect(seen.map(({ title, blocks }) => [title, blocks]).sort()).toEqual([
      ['Busy', false],
      ['Busy', true],
    ])
    expect(JSON.stringify(seen)).not.toMatch(/garage|shift/)
  })

  test('of a meeting that is in the business calendar too show once', async ({ fixture, roster }) => {
    const iCalUID = 'meeting@example.com'
    const event = { summary: 'Toolbox talk', start: time(garage.start), end: time(garage.end), iCalUID }
    fixture.inGoogle.create(event)
    roster.event(event)
    await roster.save([{ calendarId: roster.id, blocksMemberIds: [fixture.staffId] }])
    await fixture.sync()
    await roster.sync()
    expect((await range(fixture)).occurrences.map(({ title }) => title)).toEqual(['Toolbox talk'])
  })

  test('of ours are left out: an appointment does not block itself', async ({ fixture, roster }) => {
    const appointmentId = await fixture.book({ startsAt: garage.start, endsAt: garage.end })
    await fixture.sync()
    const marker = { sophiieAppointmentId: appointmentId, sophiieBusinessId: fixture.businessId }
    roster.event({ extendedProperties: { private: marker } })
    await roster.save([{ calendarId: roster.id, blocksMemberIds: null }])
    await roster.sync()
    expect((await range(fixture)).occurrences).toEqual([])
  })
})
