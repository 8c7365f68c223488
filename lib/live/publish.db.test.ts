import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import type { PublishedKind } from './change-kind.ts'
import { subscribe } from './hub.ts'
import { publishChange } from './publish.ts'

/** What open pages are told. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => {
  setEnvironment(database, google)
  // There the last reader closes the process's ears.
  process.env.VERCEL = '1'
})
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
  await fixture.sync()
})

/** What a page of the business hears from now on, up to the end of the work. */
const heardDuring = async (work: () => Promise<unknown>): Promise<PublishedKind[]> => {
  const heard: PublishedKind[] = []
  const end = Promise.withResolvers<void>()
  const stop = await subscribe(fixture.businessId, (news) => heard.push(news))
  const stopMark = await subscribe(mark, () => end.resolve())
  onTestFinished(() => {
    stop()
    stopMark()
  })
  // Whoever begins to listen is told once.
  heard.length = 0
  await work()
  // Notifications of one database arrive in the order of their commits.
  await publishChange(database.db, mark)
  await end.promise
  return heard
}
const mark = 'the-end'

const event = {
  summary: 'Dentist',
  start: { dateTime: '2027-01-12T00:00:00Z' },
  end: { dateTime: '2027-01-12T01:00:00Z' },
}

test('a process tells of each ring what it says, and only pages of that business', async () => {
  const other = await setUpFixture(database, google)
  const heard = await heardDuring(async () => {
    await publishChange(database.db, fixture.businessId)
    await publishChange(database.db, fixture.businessId, 'rows')
    await publishChange(database.db, other.businessId, 'rows')
  })
  expect(heard).toEqual(['anything', 'rows'])
})

test('a push tells of rows; its coming back from Google is no news', async () => {
  await fixture.book()
  expect(await heardDuring(fixture.sync)).toEqual(['rows'])
  expect(await heardDuring(fixture.sync)).toEqual([])
})

test('what people do in Google tells of rows', async () => {
  const id = await fixture.book()
  await fixture.sync()
  expect(await heardDuring(fixture.sync)).toEqual([])
  google.person.create({ ...fixture.at(''), event })
  expect(await heardDuring(fixture.sync)).toEqual(['rows'])
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Theirs' } })
  expect(new Set(await heardDuring(fixture.sync))).toEqual(new Set(['rows']))
})

test('trouble, and its end, may change the whole page', async () => {
  google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
  expect(await heardDuring(fixture.sync)).toEqual(['anything'])
  expect(await heardDuring(fixture.sync)).toEqual(['anything'])
})
