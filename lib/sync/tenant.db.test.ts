import { sql as raw } from 'drizzle-orm'
import { expect } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { tenantDb } from '#db/tenant.ts'
import { unlink } from '#lib/connection/unlink.ts'
import type { TestDatabase } from '#testing/database.ts'
import { setUpFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import type { Google } from '../../emulator/server.ts'
import { contextOf, systemClock } from './context.ts'
import { eventIdFor } from './core/event-id.ts'
import { withFence } from './fence.ts'

/** The engine within its tenant scope (`docs/decisions/030-row-level-security.md`). */

const tables = ['appointments', 'event_mappings', 'google_events', 'google_occurrences', 'synced_calendars']

/** A linked business with one appointment and one event of a person. */
const setUpBusiness = async (database: TestDatabase, google: Google) => {
  const fixture = await setUpFixture(database, google)
  await fixture.book()
  const time = (hour: number) => ({ dateTime: `2027-02-01T0${hour}:00:00Z` })
  fixture.inGoogle.create({ summary: 'Dentist', start: time(1), end: time(2) })
  await fixture.sync()
  return fixture
}

const test = syncTest
  .extend('ours', { scope: 'file' }, ({ database, google }) => setUpBusiness(database, google))
  .extend('theirs', { scope: 'file' }, ({ database, google }) => setUpBusiness(database, google))

const scopedContext = (
  database: TestDatabase,
  { businessId, syncedCalendarId }: { businessId: BusinessId; syncedCalendarId: string },
) => {
  const db = tenantDb(database, businessId)
  const options = { clock: systemClock, deadline: Number.POSITIVE_INFINITY }
  return db.transaction((tx) => contextOf(database, { syncedCalendarId, businessId, db, tx }, options))
}

test.for(tables)(
  'an unfiltered query of the engine sees %s of its own business only',
  async (table, { database, ours, theirs }) => {
    expect(theirs.businessId).not.toBe(ours.businessId)
    const count = raw.raw(`select count(*)::int as n, min(business_id::text) as whose from ${table}`)
    const mine = [{ n: 1, whose: ours.businessId }]
    expect(await database.db.execute(count)).toMatchObject([{ n: 2 }])
    const context = await scopedContext(database, ours)
    if (!context) throw new Error('There is nothing to sync.')
    expect(await context.db.execute(count)).toMatchObject(mine)
    await withFence(context, async (tx) => expect(await tx.execute(count)).toMatchObject(mine))
  },
)

test('the calendar of another business cannot be synced', async ({ database, ours, theirs }) => {
  const { syncedCalendarId } = theirs
  expect(await scopedContext(database, { businessId: ours.businessId, syncedCalendarId })).toBeNull()
})

test('a run, a change of calendar and an unlink write in tenant scope', async ({ google, database, ours }) => {
  const id = await ours.book()
  await database.sql`create table written (place text, role text)`
  await database.sql.unsafe(`
    create function note_role() returns trigger language plpgsql security definer as $$
    begin insert into written values (tg_table_name, current_setting('role')); return null; end $$`)
  for (const table of [...tables, 'sync_requests', 'activity', 'google_revocations'])
    await database.sql.unsafe(
      `create trigger note_role after insert or update or delete on ${table} for each statement execute function note_role()`,
    )
  await ours.sync()
  google.person.change({ ...ours.at(eventIdFor(id, 0)), changes: { summary: 'Moved in Google' } })
  await ours.sync()
  expect(await ours.appointment(id)).toMatchObject({ title: 'Moved in Google' })
  const other = google.person.addCalendar({ email: ours.email, summary: 'Other' })
  await ours.select(other.id)
  await ours.sync()
  expect(await unlink(ours.viewer)).toBe('unlinked')
  const roles = await database.sql<{ place: string; role: string }[]>`select distinct place, role from written`
  expect(roles.filter(({ role }) => role !== 'sophiie_business')).toEqual([])
  expect(roles.map(({ place }) => place)).toEqual(
    expect.arrayContaining(['event_mappings', 'google_events', 'synced_calendars', 'activity', 'google_revocations']),
  )
})
