import { describe, expect, vi } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * Dirty appointments are searched among rows changed since the last clean run: docs/decisions/071.
 */

/** `id`: an appointment of a calendar that is clean. */
const test = syncTest.extend('id', { auto: true }, async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await othersEnded(fixture, id)
  await fixture.sync()
  await fixture.sync()
  return id
})

/**
 * Transaction ids are counted by the server, and other test files have databases on it: a
 * transaction open there keeps this calendar from being clean.
 */
const othersEnded = ({ database }: SyncFixture, id: string) =>
  vi.waitFor(async () => {
    const [row] = await database.sql`
      select pg_snapshot_xmin(pg_current_snapshot()) > changed_in as ended from appointments where id = ${id}`
    expect(row?.ended).toBe(true)
  }, 15_000)

const isClean = async ({ database, syncedCalendarId }: SyncFixture) => {
  const [request] = await database.sql`
    select dirty_version is not distinct from clean_version as clean from sync_requests
    where synced_calendar_id = ${syncedCalendarId}`
  return request?.clean
}
const titleInGoogle = (fixture: SyncFixture, id: string) => fixture.event(eventIdFor(id, 0))?.summary

/** Bypasses the triggers, so that the calendar still counts as clean. */
const editWithoutTriggers = ({ database }: SyncFixture, id: string, title: string) =>
  database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update appointments set title = ${title}, revision = revision + 1 where id = ${id}`
  })

test('clean appointments are not read until the calendar is dirty', async ({ fixture, database, id }) => {
  await editWithoutTriggers(fixture, id, 'Drain')
  await fixture.sync()
  expect(titleInGoogle(fixture, id)).toBe('Tap')
  await database.sql`update event_mappings set needs_refetch = true where appointment_id = ${id}`
  await fixture.sync()
  expect(titleInGoogle(fixture, id)).toBe('Drain')
})

test('a change that is uncommitted during a clean run is sent later', async ({ fixture, database, id }) => {
  const [begun, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const edit = database.sql.begin(async (tx) => {
    await tx`update appointments set title = 'Late', revision = revision + 1 where id = ${id}`
    begun.resolve()
    await committed.promise
  })
  await begun.promise
  await fixture.book({ title: 'Another' })
  await fixture.sync()
  expect(await isClean(fixture)).toBe(true)
  committed.resolve()
  await edit
  await fixture.sync()
  expect(titleInGoogle(fixture, id)).toBe('Late')
})

test('everything is read after a restore with lower transaction ids', async ({ fixture, database, id }) => {
  await editWithoutTriggers(fixture, id, 'Drain')
  await database.sql`update sync_requests set clean_before = '9223372036854775807' where synced_calendar_id = ${fixture.syncedCalendarId}`
  await fixture.sync()
  expect(titleInGoogle(fixture, id)).toBe('Drain')
})

test('an invalidation during a run survives that run', async ({ fixture, database, id }) => {
  await fixture.book({ title: 'Another' })
  const list = fixture.holdNext('events.list')
  const run = fixture.sync()
  await list.reached
  await database.sql`update event_mappings set needs_refetch = true where appointment_id = ${id}`
  list.release()
  await run
  expect(await isClean(fixture)).toBe(false)
  await fixture.sync()
  expect(await isClean(fixture)).toBe(true)
})

test('an event that people restore after both sides ended it is deleted again', async ({ fixture, database, id }) => {
  await fixture.cancel(id)
  await fixture.sync()
  await fixture.edit(id, { status: 'booked' })
  await fixture.cancel(id)
  await othersEnded(fixture, id)
  await fixture.sync()
  expect(await isClean(fixture)).toBe(true)
  fixture.inGoogle.restore(eventIdFor(id, 0))
  await fixture.sync()
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))?.status).toBe('cancelled')
  const [row] = await database.sql`select state from event_mappings where appointment_id = ${id}`
  expect(row).toEqual({ state: 'gone' })
})

describe('a clean calendar', () => {
  type Target = { id: string; businessId: string; syncedCalendarId: string }
  const mappings =
    (change: string) =>
    ({ id }: Target) =>
      `update event_mappings set ${change} where appointment_id = '${id}'`
  const calendar =
    (change: string) =>
    ({ syncedCalendarId }: Target) =>
      `update synced_calendars set ${change} where id = '${syncedCalendarId}'`
  const insert =
    (column: string, value: string) =>
    ({ id, businessId }: Target) =>
      `insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, ${column})
      values ('${businessId}', '${id}', 'other', 'other', '${id}', ${value})`

  test.for<[string, (target: Target) => string]>([
    ['a lower pushed revision', mappings('revision_pushed = revision_pushed - 1')],
    ['a mapping that needs a refetch', mappings('needs_refetch = true')],
    ['a mapping that was removed in Google', mappings(`state = 'removed'`)],
    ['a new live mapping', insert('state', `'live'`)],
    ['a new mapping that needs a refetch', insert('needs_refetch', 'true')],
    ['a change of calendar', calendar(`calendar_id = 'other'`)],
    ['the same calendar chosen again', calendar('selected_at = now()')],
    ['a reconnect', calendar('epoch = epoch + 1')],
  ])('becomes dirty by %s', async ([_, change], { fixture, database, id }) => {
    await database.sql.unsafe(change({ ...fixture, id }))
    expect(await isClean(fixture)).toBe(false)
  })

  test.for<[string, (target: Target) => string]>([
    ['a higher pushed revision', mappings('revision_pushed = revision_pushed + 1')],
    ['a scheduled next attempt', mappings('next_attempt_at = now()')],
    ['a new pending mapping', insert('state', `'pending'`)],
    ['a successful run', calendar('last_success_at = now()')],
  ])('stays clean after %s', async ([_, change], { fixture, database, id }) => {
    await database.sql.unsafe(change({ ...fixture, id }))
    expect(await isClean(fixture)).toBe(true)
  })

  test('becomes dirty when a refused appointment may be tried again', async ({ fixture, database, id }) => {
    await database.sql.unsafe(mappings('rejected_revision = 1')({ ...fixture, id }))
    expect(await isClean(fixture)).toBe(true)
    await database.sql.unsafe(mappings('rejected_revision = null')({ ...fixture, id }))
    expect(await isClean(fixture)).toBe(false)
  })
})
