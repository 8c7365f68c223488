import { expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Answers to `events.get` that show an older version than the one that is stored. */

const askAgain = (fixture: SyncFixture) =>
  fixture.database.sql`update event_mappings set needs_refetch = true where business_id = ${fixture.businessId}`

test('a version from before a change that was followed is not applied', async ({ fixture, google }) => {
  const id = await fixture.book({ title: 'Drain' })
  await fixture.sync()
  holdReads(google.world, ['get'])
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Sink' })
  await fixture.sync()
  await askAgain(fixture)
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Sink' })
  releaseReads(google.world)
  await fixture.endBackoff()
  await fixture.sync()
  expect(await fixture.mapping(id)).toMatchObject({ needsRefetch: false, lastErrorKind: null })
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Sink' })
})

test('a series is fetched again until its version is the one that a list contained', async ({ fixture, google }) => {
  const id = await fixture.book({ title: 'Drain' })
  await fixture.sync()
  google.person.makeRecurring({ ...fixture.at(eventIdFor(id, 0)), recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] })
  await fixture.sync()
  const { eventId = '' } = (await fixture.mapping(id)) ?? {}
  expect(eventId).toMatch(/_/)
  holdReads(google.world, ['get'])
  fixture.inGoogle.change(eventId, { summary: 'Sink' }, 'all')
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain' })
  releaseReads(google.world)
  await fixture.endBackoff()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Sink' })
})

test('a deletion dated before the last write counts once reads can no longer lag', async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  fixture.inGoogle.remove(eventIdFor(id, 0))
  fixture.injectFault('events.list', { status: 503 })
  fixture.injectFault('events.get', {
    kind: 'rewrite',
    rewrite: (answer) => ({ ...(answer as object), updated: '2025-01-01T00:00:00.000Z' }),
  })
  await askAgain(fixture)
  for (let attempt = 0; attempt < 4; attempt++) {
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
    await fixture.endBackoff()
  }
  await fixture.endLag()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

test('a deletion that a list dates before the last write is looked up by its id', async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  fixture.inGoogle.remove(eventIdFor(id, 0))
  fixture.injectFault('events.list', {
    kind: 'rewrite',
    rewrite: (answer) => {
      const page = answer as { items: object[] }
      return { ...page, items: page.items.map((item) => ({ ...item, updated: '2025-01-01T00:00:00.000Z' })) }
    },
  })
  const requests = fixture.recordRequests()
  await fixture.sync()
  expect(requests()).toEqual(['events.list', 'events.get'])
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

const withoutTimes = ({ start, end, ...item }: Record<string, unknown>) => item
const withoutStatus = (item: Record<string, unknown>) => ({ ...item, status: 7 })

test.for([
  ['whose times', withoutTimes],
  ['which as a whole', withoutStatus],
] as const)(
  'a version %s cannot be read in a list is not replaced by an older one',
  async ([, spoil], { fixture, google }) => {
    const id = await fixture.book({ title: 'Drain' })
    await fixture.sync()
    holdReads(google.world, ['get'])
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Sink' })
    fixture.injectFault('events.list', {
      kind: 'rewrite',
      times: 1,
      rewrite: (answer) => {
        const page = answer as { items: Record<string, unknown>[] }
        return { ...page, items: page.items.map(spoil) }
      },
    })
    await fixture.sync()
    await fixture.sync()
    releaseReads(google.world)
    await fixture.endBackoff()
    await fixture.sync()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Sink' })
    expect(await fixture.mapping(id)).toMatchObject({ needsRefetch: false, lastErrorKind: null })
  },
)

test('an event that lists still have after its deletion is not taken for a restored one', async ({
  fixture,
  google,
}) => {
  await fixture.setDefaultAnswer('cancel')
  const id = await fixture.book({ title: 'Drain' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), { colorId: '5' })
  holdReads(google.world, ['list'])
  await fixture.cancel(id)
  const read = fixture.holdNext('events.get')
  const run = fixture.sync()
  await read.reached
  const deletion = fixture.holdNext('events.delete')
  read.release()
  await deletion.reached
  await fixture.edit(id, { status: 'booked' })
  deletion.release()
  await run
  releaseReads(google.world)
  await fixture.endBackoff()
  await fixture.sync()
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(fixture.liveIn(fixture.calendarId)).toEqual(['Drain'])
})

test('an older deletion of an instance is not believed when a full read contains the instance', async ({
  fixture,
  google,
}) => {
  const id = await fixture.book({ title: 'Drain' })
  await fixture.sync()
  google.person.makeRecurring({ ...fixture.at(eventIdFor(id, 0)), recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] })
  await fixture.sync()
  const { eventId = '' } = (await fixture.mapping(id)) ?? {}
  await fixture.cancel(id)
  await fixture.sync()
  await fixture.sync()
  holdReads(google.world, ['get'])
  google.person.restore(fixture.at(eventId))
  await fixture.database.sql`delete from google_events where business_id = ${fixture.businessId}`
  await fixture.database.sql`update synced_calendars set sync_token = null where business_id = ${fixture.businessId}`
  await fixture.sync()
  releaseReads(google.world)
  await fixture.endBackoff()
  await fixture.sync()
  expect(google.person.event(fixture.at(eventId))?.status).toBe('cancelled')
})
