import { sql as raw } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { tenantDb } from '#db/tenant.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { contextOf, systemClock } from './context.ts'
import { eventIdFor } from './core/event-id.ts'
import { withFence } from './fence.ts'

/** The engine's tenant scope (`docs/decisions/030-row-level-security.md`). */

const database = ownDatabase()
const google = ownGoogle()
let ours: SyncFixture
let theirs: SyncFixture

const tables = ['appointments', 'event_mappings', 'google_events', 'google_occurrences', 'google_connections']

beforeAll(async () => {
  setEnvironment(database, google)
  ours = await setUpFixture(database, google)
  theirs = await setUpFixture(database, google)
  for (const fixture of [ours, theirs]) {
    await fixture.book()
    const place = { email: fixture.email, calendarId: fixture.calendarId }
    const time = (hour: number) => ({ dateTime: `2027-02-01T0${hour}:00:00Z` })
    google.person.create({ ...place, event: { summary: 'Dentist', start: time(1), end: time(2) } })
    await fixture.sync()
  }
})

const contextBehind = (businessId: BusinessId, connectionId: string) => {
  const db = tenantDb(database, businessId)
  const options = { clock: systemClock, deadline: Number.POSITIVE_INFINITY }
  return db.transaction((tx) => contextOf(database, { connectionId, businessId, db, tx }, options))
}

const contextOfOurs = async () => {
  const context = await contextBehind(ours.businessId, ours.connectionId)
  if (!context) throw new Error('There is nothing to look at.')
  return context
}

test.each(tables)('a wrong query of the engine sees %s of its own business alone', async (table) => {
  const count = raw.raw(`select count(*)::int as n, min(business_id::text) as whose from ${table}`)
  const mine = [{ n: 1, whose: ours.businessId }]
  expect(await database.db.execute(count)).toMatchObject([{ n: 2 }])
  const context = await contextOfOurs()
  expect(await context.db.execute(count)).toMatchObject(mine)
  await withFence(context, async (tx) => expect(await tx.execute(count)).toMatchObject(mine))
})

test('the connection of another business is none', async () => {
  expect(await contextBehind(ours.businessId, theirs.connectionId)).toBeNull()
})

test('a sync run, a change of calendar and an unlink write only as the tenant role', async () => {
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
  const roles = await database.sql<
    { place: string; role: string }[]
  >`select distinct place, role from written`
  expect(roles.filter(({ role }) => role !== 'sophiie_business')).toEqual([])
  expect(roles.map(({ place }) => place)).toEqual(
    expect.arrayContaining([
      'event_mappings',
      'google_events',
      'google_connections',
      'activity',
      'google_revocations',
    ]),
  )
})
