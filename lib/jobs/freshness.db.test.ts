import { beforeAll, beforeEach, expect, test } from 'vitest'
import { unlink } from '#lib/connection/unlink.ts'
import { enqueueNotified } from '#lib/sync/enqueue.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { ensureFresh } from './freshness.ts'
import { startWorker } from './worker.ts'

/** The bounded live check before a booking. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
  await fixture.sync()
})

const grow = (age: string) => database.sql`
  update google_connections set last_success_at = now() - ${age}::interval, channel_expires_at = null where id = ${fixture.connectionId}`

/** A worker that has done what was queued before, so that the next look is the one asked for. */
const quietWorker = async () => {
  const worker = await startWorker({ databaseUrl: database.url })
  while ((await database.sql`select from graphile_worker.jobs where run_at <= now()`).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
  return worker
}

test('nothing linked: nothing to check', async () => {
  await unlink(fixture.viewer)
  expect(await ensureFresh(fixture.businessId)).toBe('not-linked')
})

test('a mirror of half a minute ago is fresh, and Google is not asked', async () => {
  await grow('30 seconds')
  const before = google.world.log.last()
  expect(await ensureFresh(fixture.businessId)).toBe('fresh')
  expect(google.world.log.since(before)).toEqual([])
})

test('a save that waits for its push makes nothing stale', async () => {
  await database.sql`update sync_requests set last_notification_at = now() - interval '5 minutes'`
  await fixture.book()
  expect(await ensureFresh(fixture.businessId)).toBe('fresh')
})

test('an older one is brought up to date first', async () => {
  const worker = await quietWorker()
  try {
    await grow('10 minutes')
    google.person.create({
      ...fixture.at(''),
      event: {
        summary: 'New',
        start: { dateTime: '2027-01-12T00:00:00Z' },
        end: { dateTime: '2027-01-12T01:00:00Z' },
      },
    })
    expect(await ensureFresh(fixture.businessId)).toBe('fresh')
    expect((await fixture.mirror()).events.map((event) => event.title)).toEqual(['New'])
  } finally {
    await worker.stop()
  }
})

test('a ring that was not heard yet: unchecked, when nobody comes in time', async () => {
  // Postgres writes a whole second without its fraction, which as text is later than any moment in
  // it.
  await database.sql`update google_connections set last_success_at = date_trunc('second', now()) where id = ${fixture.connectionId}`
  await enqueueNotified(database.db, fixture.connectionId)
  expect(await ensureFresh(fixture.businessId)).toBe('unchecked')
})

test('Google slower than the bound: the booking goes on unchecked, long before Google answers', async () => {
  const worker = await quietWorker()
  await grow('10 minutes')
  const answering = Promise.withResolvers<void>()
  google.world.faults.push({
    match: { operation: 'events.list' },
    kind: 'latency',
    until: answering.promise,
    times: 1,
  })
  try {
    const before = google.world.log.last()
    expect(await ensureFresh(fixture.businessId)).toBe('unchecked')
    expect(google.world.log.since(before).map((entry) => entry.operation)).not.toContain('events.list')
  } finally {
    answering.resolve()
    await worker.stop()
  }
})
