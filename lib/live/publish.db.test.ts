import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, vi } from 'vitest'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { type SyncFixture, setUpFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { PublishedKind } from './change-kind.ts'
import { subscribe } from './hub.ts'
import { publishChange } from './publish.ts'

/** The change kinds that open pages receive. */

test.beforeEach(({ fixture }) => {
  // On Vercel the process stops listening with its last subscriber.
  vi.stubEnv('VERCEL', '1')
  return fixture.sync()
})

/** The change kinds that a page of the business receives during `work`. */
const receivedDuring = async (fixture: SyncFixture, work: () => Promise<unknown>): Promise<PublishedKind[]> => {
  const received: PublishedKind[] = []
  const stop = await subscribe(fixture.businessId, (kind) => received.push(kind))
  onTestFinished(stop)
  // A new subscriber receives one notification, and may receive those of the last commits before.
  await untilDelivered(fixture)
  received.length = 0
  await work()
  await untilDelivered(fixture)
  return received
}

/** Notifications of one database arrive in the order of their commits. */
const untilDelivered = async ({ database }: SyncFixture): Promise<void> => {
  const marker = `marker-${randomUUID()}`
  const delivered = Promise.withResolvers<void>()
  // The kind of a new subscriber's own notification is `anything`.
  const stop = await subscribe(marker, (kind) => kind === 'rows' && delivered.resolve())
  await publishChange(database.db, marker, 'rows')
  await delivered.promise
  stop()
}

const event = {
  summary: 'Dentist',
  start: { dateTime: '2027-01-12T00:00:00Z' },
  end: { dateTime: '2027-01-12T01:00:00Z' },
}

test('pages receive the changes of their business only', async ({ fixture, google, database }) => {
  const other = await setUpFixture(database, google)
  const received = await receivedDuring(fixture, async () => {
    await publishChange(database.db, fixture.businessId)
    await publishChange(database.db, fixture.businessId, 'rows')
    await publishChange(database.db, other.businessId, 'rows')
  })
  expect(received).toEqual(['anything', 'rows'])
})

test('a push publishes rows; its echo from Google publishes nothing', async ({ fixture }) => {
  await fixture.book()
  expect(await receivedDuring(fixture, fixture.sync)).toEqual(['rows'])
  expect(await receivedDuring(fixture, fixture.sync)).toEqual([])
})

test('a change in Google publishes rows', async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  expect(await receivedDuring(fixture, fixture.sync)).toEqual([])
  fixture.inGoogle.create(event)
  expect(await receivedDuring(fixture, fixture.sync)).toEqual(['rows'])
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Theirs' })
  expect(new Set(await receivedDuring(fixture, fixture.sync))).toEqual(new Set(['rows']))
})

test('the first success publishes after the last page of the read', async ({ fixture, database }) => {
  const other = fixture.addCalendar('Other')
  await fixture.select(other)
  const received = await receivedDuring(fixture, async () => {
    await fixture.sync()
    await database.sql`update synced_calendars set last_success_at = null where id = ${fixture.syncedCalendarId}`
    await fixture.sync()
  })
  expect(received).toEqual(['anything', 'anything', 'anything'])
})

test('a failure and its end publish a change of anything', async ({ fixture }) => {
  fixture.injectFault('events.list', { status: 503, times: 1 })
  expect(await receivedDuring(fixture, fixture.sync)).toEqual(['anything'])
  expect(await receivedDuring(fixture, fixture.sync)).toEqual(['anything'])
})
