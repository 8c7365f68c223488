import { sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { database as poolOf } from '#db/client.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { env } from '#lib/env.ts'
import { enqueueNotified } from '#lib/sync/enqueue.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { runSchedule } from './cron.ts'
import { checkFreshness, ensureFresh } from './freshness.ts'
import { startWorker } from './worker.ts'

/** The check before a booking, bounded in time, that the mirror is recent. */

test.beforeEach(({ fixture }) => fixture.sync())

const setAge = (fixture: SyncFixture, age: string) => fixture.database.sql`
  update synced_calendars set last_success_at = now() - ${age}::interval, channel_expires_at = null where id = ${fixture.syncedCalendarId}`

/** A worker that starts with an empty queue: its next run is the one that the test causes. */
const idleWorker = async ({ database }: SyncFixture) => {
  await runSchedule()
  return startWorker({ databaseUrl: database.url })
}

test('without a link there is nothing to check', async ({ fixture }) => {
  await unlink(fixture.viewer)
  expect(await ensureFresh(fixture.businessId)).toBe('not-linked')
})

test('a mirror of 30 seconds ago is fresh, without a request', async ({ fixture }) => {
  await setAge(fixture, '30 seconds')
  const requests = fixture.recordRequests()
  expect(await ensureFresh(fixture.businessId)).toBe('fresh')
  expect(requests()).toEqual([])
})

test('a pending push does not make the mirror stale', async ({ fixture, database }) => {
  await database.sql`update sync_requests set last_notification_at = now() - interval '5 minutes'`
  await fixture.book()
  expect(await ensureFresh(fixture.businessId)).toBe('fresh')
})

test('neither does one right after a push notification that has been processed', async ({ fixture, database }) => {
  await database.sql`update sync_requests set last_notification_at = now()`
  await fixture.book()
  expect(await ensureFresh(fixture.businessId)).toBe('fresh')
})

test.for([
  ['that has announced our last write', 'fresh', '-1 second'],
  ['that did not announce it', 'unchecked', '1 second'],
])('a mirror of ten minutes ago, with a channel %s, is %s', async ([_, answer, later], { fixture, database }) => {
  await setAge(fixture, '10 minutes')
  await database.sql`
    update synced_calendars set channel_created_at = now() - interval '1 hour', channel_expires_at = now() + interval '1 day'
    where id = ${fixture.syncedCalendarId}`
  await database.sql`
    update sync_requests set last_notification_at = now() - interval '5 minutes',
      notification_awaited_since = now() - interval '5 minutes' + ${later ?? ''}::interval`
  expect(await ensureFresh(fixture.businessId)).toBe(answer)
})

test('an older mirror is synced first', async ({ fixture }) => {
  const worker = await idleWorker(fixture)
  try {
    await setAge(fixture, '10 minutes')
    fixture.inGoogle.create({
      summary: 'New',
      start: { dateTime: '2027-01-12T00:00:00Z' },
      end: { dateTime: '2027-01-12T01:00:00Z' },
    })
    expect(await ensureFresh(fixture.businessId)).toBe('fresh')
    expect((await fixture.mirror()).events.map((event) => event.title)).toEqual(['New'])
  } finally {
    await worker.stop()
  }
})

test('a push notification without a run in time gives unchecked', async ({ fixture, database }) => {
  // A whole second has no fraction as text, so as text it sorts after any instant within it.
  await database.sql`update synced_calendars set last_success_at = date_trunc('second', now()) where id = ${fixture.syncedCalendarId}`
  await enqueueNotified(database.db, fixture.syncedCalendarId)
  expect(await ensureFresh(fixture.businessId)).toBe('unchecked')
})

test('a request slower than the bound gives unchecked before it is answered', async ({ fixture }) => {
  const worker = await idleWorker(fixture)
  await setAge(fixture, '10 minutes')
  const list = fixture.holdNext('events.list')
  try {
    const requests = fixture.recordRequests()
    expect(await ensureFresh(fixture.businessId)).toBe('unchecked')
    expect(requests()).not.toContain('events.list')
  } finally {
    list.release()
    await worker.stop()
  }
})

test('a run that fails gives unchecked before the bound', async ({ fixture }) => {
  const worker = await idleWorker(fixture)
  await setAge(fixture, '10 minutes')
  fixture.injectFault('events.list')
  // The bound is never reached.
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    expect(await ensureFresh(fixture.businessId)).toBe('unchecked')
  } finally {
    vi.useRealTimers()
    await worker.stop()
  }
})

test('a run that had already read Google does not count', async ({ fixture, database }) => {
  const worker = await idleWorker(fixture)
  await setAge(fixture, '10 minutes')
  const list = fixture.holdNext('events.list')
  const requests = fixture.recordRequests()
  const lock = await database.sql.reserve()
  try {
    await database.sql`select request_sync(${fixture.syncedCalendarId})`
    await list.reached
    // The run gets its answer, and cannot save it yet.
    await lock`begin`
    await lock`select from synced_calendars where id = ${fixture.syncedCalendarId} for update`
    list.release()
    await expect.poll(requests).toContain('events.list')
    fixture.inGoogle.create({
      summary: 'New',
      start: { dateTime: '2027-01-12T00:00:00Z' },
      end: { dateTime: '2027-01-12T01:00:00Z' },
    })
    const checked = ensureFresh(fixture.businessId)
    const isRequested = async () => (await database.sql`select from sync_requests where requested > processed`).length
    await expect.poll(isRequested).toBe(1)
    await lock`rollback`
    expect(await checked).toBe('fresh')
    expect((await fixture.mirror()).events.map((event) => event.title)).toEqual(['New'])
  } finally {
    list.release()
    lock.release()
    await worker.stop()
  }
})

const requestedOf = async ({ database, syncedCalendarId }: SyncFixture) => {
  const [row] =
    await database.sql`select requested::int from sync_requests where synced_calendar_id = ${syncedCalendarId}`
  return Number(row?.requested)
}

test('those who ask at once share one run', async ({ fixture }) => {
  const worker = await idleWorker(fixture)
  try {
    await setAge(fixture, '10 minutes')
    const requested = await requestedOf(fixture)
    const requests = fixture.recordRequests()
    const list = fixture.holdNext('events.list')
    const checks = Promise.all(Array.from({ length: 20 }, () => checkFreshness(fixture.businessId, 5000)))
    await list.reached
    await untilRead()
    list.release()
    const checked = await checks
    expect(checked.map(({ state }) => state)).toEqual(checked.map(() => 'checked-now'))
    expect(await requestedOf(fixture)).toBe(requested + 1)
    // The schedule may poll the calendar in the same minute.
    expect(requests().filter((each) => each === 'events.list').length).toBeLessThan(3)
  } finally {
    await worker.stop()
  }
})

/** Queries of the product's pool that were sent before these have been answered. */
const untilRead = async () => {
  const { db } = poolOf(env().DATABASE_URL)
  await Promise.all(Array.from({ length: 40 }, () => db.execute(sql`select 1`)))
}

test('each waits for its own time at most', async ({ fixture }) => {
  await setAge(fixture, '10 minutes')
  const ended: string[] = []
  const ask = async (name: string, bound: number) => {
    expect(await checkFreshness(fixture.businessId, bound)).toMatchObject({ state: 'unknown' })
    ended.push(name)
  }
  await Promise.all([ask('patient', 2000), ask('hasty', 100)])
  expect(ended).toEqual(['hasty', 'patient'])
})
