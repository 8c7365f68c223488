import { expect } from 'vitest'
import { clearTrouble } from '#db/queries/mappings/mappings.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Failures of one appointment: visible, with a next attempt of its own, and blocking no other. */

/** `known`: an appointment that is in Google before the test. */
const test = syncTest.extend('known', { auto: true }, async ({ fixture }) => {
  const known = await fixture.book({ title: 'Known' })
  await fixture.sync()
  return known
})

test('rejected: visible with Google’s reason, blocks no other, retried by an edit', async ({ fixture }) => {
  const refused = await fixture.book({ title: 'Refused' })
  fixture.injectFault('events.insert', { status: 400, reason: 'invalid', times: 1 })
  await fixture.sync()
  const neighbour = await fixture.book({ title: 'Neighbour' })
  const report = await fixture.sync()
  expect(report.failure).toBeNull()
  expect(fixture.event(eventIdFor(neighbour, 0))?.status).toBe('confirmed')
  expect(await fixture.mapping(refused)).toMatchObject({
    lastErrorKind: 'rejected',
    lastErrorDetail: 'invalid',
    rejectedRevision: 1,
  })
  expect(await settingsOf(fixture.businessId)).toMatchObject({
    status: { state: 'healthy' },
    counts: { needAttention: 1, waiting: 0 },
    needAttention: [{ appointmentId: refused, title: 'Refused' }],
  })
  const requests = fixture.recordRequests()
  await fixture.sync()
  expect(requests()).toEqual(['events.list'])

  await fixture.edit(refused, { title: 'Better' })
  await fixture.sync()
  expect(fixture.event(eventIdFor(refused, 0))).toMatchObject({ summary: 'Better' })
  expect(await fixture.mapping(refused)).toMatchObject({ lastErrorKind: null, rejectedRevision: null })
})

test('rejected: retried by hand', async ({ fixture, database }) => {
  const refused = await fixture.book()
  fixture.injectFault('events.insert', { status: 400, reason: 'invalid', times: 1 })
  await fixture.sync()
  await database.db.transaction((tx) => clearTrouble(tx, { businessId: fixture.businessId, appointmentId: refused }))
  await fixture.sync()
  expect(fixture.event(eventIdFor(refused, 0))?.status).toBe('confirmed')
})

test('transient: an own next attempt with a queued run, a healthy calendar', async ({ fixture, database }) => {
  const id = await fixture.book({ title: 'Slow' })
  fixture.injectFault('events.insert', { status: 503, times: 1 })
  const neighbour = await fixture.book({ title: 'Neighbour' })
  await fixture.sync()
  const mappings = [await fixture.mapping(id), await fixture.mapping(neighbour)]
  expect(mappings.filter((mapping) => mapping?.state === 'live')).toHaveLength(1)
  expect(mappings.find((mapping) => mapping?.state !== 'live')).toMatchObject({
    attempts: 1,
    lastErrorKind: 'transient',
  })
  expect(await fixture.status()).toMatchObject({ state: 'catching-up', waiting: 1 })
  expect((await fixture.calendar())?.retryAt).not.toBeNull()
  expect(await fixture.secondsUntilLaterRun()).toBeDefined()
  await database.sql`update event_mappings set next_attempt_at = now()`
  await fixture.sync()
  expect(await settingsOf(fixture.businessId)).toMatchObject({
    status: { state: 'healthy' },
    counts: { inGoogle: 3, waiting: 0 },
  })
})

test('conflict: an edit in Google came first, both changes are kept', async ({ fixture, known }) => {
  fixture.inGoogle.change(eventIdFor(known, 0), { location: 'Bondi' })
  await fixture.edit(known, { title: 'Ours' })
  const requests = fixture.recordRequests()
  await fixture.sync()
  expect(requests().slice(0, 3)).toEqual(['events.patch', 'events.get', 'events.patch'])
  expect(fixture.event(eventIdFor(known, 0))).toMatchObject({ summary: 'Ours', location: 'Bondi' })
  expect(await fixture.appointment(known)).toMatchObject({ title: 'Ours', location: 'Bondi' })
})

test('conflict without end: three attempts, then a later run', async ({ fixture, database, known }) => {
  await fixture.edit(known, { title: 'Ours' })
  fixture.injectFault('events.patch', { status: 412 })
  const requests = fixture.recordRequests()
  await fixture.sync()
  expect(requests().filter((operation) => operation === 'events.patch')).toHaveLength(3)
  expect(await fixture.mapping(known)).toMatchObject({
    lastErrorKind: 'transient',
    lastErrorDetail: 'changing',
  })
  fixture.clearFaults()
  await database.sql`update event_mappings set next_attempt_at = now()`
  await fixture.sync()
  expect(fixture.event(eventIdFor(known, 0))).toMatchObject({ summary: 'Ours' })
})

test('gone: deleting an event that is already deleted succeeds', async ({ fixture, known }) => {
  fixture.inGoogle.remove(eventIdFor(known, 0))
  await fixture.cancel(known)
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.mapping(known)).toMatchObject({ state: 'gone', lastErrorKind: null })
})

test.for(['restore', 403, 404, 410] as const)(
  'gone: deleted in Google and edited in Sophiie is flagged, if a write to it answers %s',
  async (writeToDeleted, { fixture, google, known }) => {
    google.world.state.switches.writeToDeleted = writeToDeleted
    fixture.inGoogle.remove(eventIdFor(known, 0))
    await fixture.edit(known, { title: 'Ours' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    google.world.state.switches.writeToDeleted = 'restore'
    expect(await fixture.appointment(known)).toMatchObject({
      title: 'Ours',
      status: 'booked',
      removedInGoogleAt: expect.any(String),
    })
    expect(fixture.event(eventIdFor(known, 0))?.status).toBe('cancelled')
  },
)

test.for(['restore', 403, 404, 410] as const)(
  'an id of ours whose event was deleted is restored, or the next id is used (%s)',
  async (writeToDeleted, { fixture, google }) => {
    google.world.state.switches.writeToDeleted = writeToDeleted
    const id = await fixture.book({ title: 'Twice' })
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    // The next read fails too, so the run does not learn that the event was created.
    fixture.injectFault('events.list', { status: 503, times: 1 })
    await fixture.sync()
    fixture.inGoogle.remove(eventIdFor(id, 0))
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    google.world.state.switches.writeToDeleted = 'restore'
    const mapping = await fixture.mapping(id)
    expect(mapping?.eventId).toBe(eventIdFor(id, writeToDeleted === 'restore' ? 0 : 1))
    expect(fixture.event(mapping?.eventId ?? '')).toMatchObject({ status: 'confirmed', summary: 'Twice' })
  },
)

test('a person’s event with our id is left alone, and the next id is used', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Ours' })
  fixture.inGoogle.create({
    id: eventIdFor(id, 0),
    summary: 'Stranger',
    start: { dateTime: '2027-01-11T23:00:00Z' },
    end: { dateTime: '2027-01-12T00:00:00Z' },
  })
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Stranger' })
  expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ summary: 'Ours' })
})
