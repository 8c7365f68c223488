import { beforeAll, beforeEach, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { eventIdFor } from '../core/event-id.ts'

/** A change reached Google and its answer nobody: until somebody looks again, only what it was to say tells it from a person's. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture
let id: string

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
  id = await fixture.book({ title: 'Tap', location: 'Manly' })
  await fixture.sync()
  google.world.faults.push({ match: { operation: 'events.patch' }, kind: 'lost-response', times: 1 })
  google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
  await fixture.edit(id, { title: 'Drain' })
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))?.summary).toBe('Drain')
  google.world.faults.length = 0
})

const lookAgain = async () => {
  await database.sql`update event_mappings set next_attempt_at = null`
  await database.sql`update google_connections set retry_at = null`
  await fixture.sync()
}
const saidByGoogle = () =>
  database.sql`select what from activity where appointment_id = ${id} and actor = 'google'`

test('taken back before anybody looks: it stays taken back', async () => {
  await fixture.edit(id, { title: 'Tap' })
  await lookAgain()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap' })
  expect(fixture.event(eventIdFor(id, 0))?.summary).toBe('Tap')
  expect(await saidByGoogle()).toEqual([])
})

test('what a person changed on it meanwhile is followed', async () => {
  await fixture.edit(id, { title: 'Tap' })
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { location: 'Bondi' } })
  await lookAgain()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap', location: 'Bondi' })
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap', location: 'Bondi' })
})

test('found out: nothing is outstanding any more, and the same words are a person’s', async () => {
  await lookAgain()
  expect(await fixture.mapping(id)).toMatchObject({ base: { title: 'Drain' }, unacknowledgedWrites: null })
  await fixture.edit(id, { title: 'Tap' })
  await fixture.sync()
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Drain' } })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain' })
})
