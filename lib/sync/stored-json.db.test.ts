import { expect } from 'vitest'
import type { TestDatabase } from '#testing/database.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { eventIdFor } from './core/event-id.ts'

/** JSON columns that cannot be parsed, as from another version: the event is fetched again. */

const test = syncTest.extend('id', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  return id
})

const spoil = (database: TestDatabase, id: string, columns: string) =>
  database.sql.unsafe(`update event_mappings set ${columns} where appointment_id = '${id}'`)

test.for([
  ['base', `base = '{"v": 0}'`],
  ['remote snapshot', `remote_snapshot = '[]'`],
  ['unacknowledged writes', `unacknowledged_writes = '"text"'`],
  ['all of them', `base = '1', remote_snapshot = '{}', unacknowledged_writes = '[1]'`],
] as const)('%s: an edit arrives, and the next run is idle', async ([, columns], { id, fixture, database, google }) => {
  await spoil(database, id, columns)
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

test.for([
  ['not readable', `remote_snapshot = '[]'`],
  ['absent', 'remote_snapshot = null'],
] as const)(
  'a cancellation while the snapshot is %s deletes the event',
  async ([, columns], { id, fixture, database }) => {
    await spoil(database, id, columns)
    await fixture.cancel(id)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'cancelled' })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
  },
)

test('with nothing readable stored, Sophiie’s value wins over a change in Google', async ({
  id,
  fixture,
  database,
  google,
}) => {
  await spoil(database, id, `base = '1', remote_snapshot = '{}'`)
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Renamed' } })
  await fixture.sync()
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap' })
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap' })
})
