import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { copyEventId } from '#lib/sync/core/event-id.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import type { News } from './change-kind.ts'
import { subscribe } from './hub.ts'
import { announce } from './publish.ts'

/** What open pages are told. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => {
  setEnvironment(database, google)
  // There the last reader closes the process's ears.
  process.env.VERCEL = '1'
})
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
  await scene.sync()
})

/** What a page of the business hears from now on, up to the end of the work. */
const heardDuring = async (work: () => Promise<unknown>): Promise<News[]> => {
  const heard: News[] = []
  const end = Promise.withResolvers<void>()
  const stop = await subscribe(scene.businessId, (news) => heard.push(news))
  const stopMark = await subscribe(mark, () => end.resolve())
  onTestFinished(() => {
    stop()
    stopMark()
  })
  // Whoever begins to listen is told once.
  heard.length = 0
  await work()
  // Notifications of one database arrive in the order of their commits.
  await announce(database.db, mark)
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
  const other = await setScene(database, google)
  const heard = await heardDuring(async () => {
    await announce(database.db, scene.businessId)
    await announce(database.db, scene.businessId, 'rows')
    await announce(database.db, other.businessId, 'rows')
  })
  expect(heard).toEqual(['anything', 'rows'])
})

test('a push tells of rows; its coming back from Google is no news', async () => {
  await scene.book()
  expect(await heardDuring(scene.sync)).toEqual(['rows'])
  expect(await heardDuring(scene.sync)).toEqual([])
})

test('what people do in Google tells of rows', async () => {
  const id = await scene.book()
  await scene.sync()
  expect(await heardDuring(scene.sync)).toEqual([])
  google.person.create({ ...scene.at(''), event })
  expect(await heardDuring(scene.sync)).toEqual(['rows'])
  google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { summary: 'Theirs' } })
  expect(new Set(await heardDuring(scene.sync))).toEqual(new Set(['rows']))
})

test('trouble, and its end, may change the whole page', async () => {
  google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
  expect(await heardDuring(scene.sync)).toEqual(['anything'])
  expect(await heardDuring(scene.sync)).toEqual(['anything'])
})
