import { beforeAll, beforeEach, expect, test } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { eventIdFor } from './core/event-id.ts'

/** Columns with JSON that cannot be read, as from another version: the event is fetched again. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture
let id: string

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  fixture = await setUpFixture(database, google)
  id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
})

const spoil = (columns: string) =>
  database.sql.unsafe(`update event_mappings set ${columns} where appointment_id = '${id}'`)

test.each([
  ['base', `base = '{"v": 0}'`],
  ['remote snapshot', `remote_snapshot = '[]'`],
  ['unacknowledged writes', `unacknowledged_writes = '"text"'`],
  ['all of them', `base = '1', remote_snapshot = '{}', unacknowledged_writes = '[1]'`],
])('%s: an edit arrives, and the next run is idle', async (_, columns) => {
  await spoil(columns)
  await fixture.edit(id, { title: 'Tap and drain' })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap and drain' })
  expect(await fixture.mapping(id)).toMatchObject({
    state: 'live',
    base: { title: 'Tap and drain' },
    remoteSnapshot: { title: 'Tap and drain' },
    lastErrorKind: null,
  })
  await fixture.sync()
  const before = google.world.log.last()
  await fixture.sync()
  expect(google.world.log.since(before).map(({ operation }) => operation)).toEqual(['events.list'])
})

test('a change made in Google with nothing readable stored: Sophiie’s value wins, both sides agree', async () => {
  await spoil(`base = '1', remote_snapshot = '{}'`)
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Renamed' } })
  await fixture.sync()
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap' })
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap' })
})
