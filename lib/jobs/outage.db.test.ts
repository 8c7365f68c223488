import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#db/client.ts'
import { startCuttable } from '#testing/cuttable.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'
import type { Fault } from '../../emulator/model.ts'
import { awaitDatabase } from './await-database.ts'

const database = ownDatabase()
const google = ownGoogle()
let line: Awaited<ReturnType<typeof startCuttable>>

beforeAll(async () => {
  line = await startCuttable(database.url)
  setEnvironment(line, google)
})
beforeEach(() => {
  google.world.faults.length = 0
})

test('a worker whose database goes away in the middle of a look goes on when it is back', {
  timeout: processTimeoutMs,
}, async () => {
  const fixture = await setUpFixture(database, google)
  const worker = startWorkerProcess()
  await until('the calendar is read', async () => (await fixture.connection())?.importedAt !== null)
  await until('nothing is left to do', async () => (await jobs()).length === 0)
  const slow: Fault = { match: { operation: 'events.insert' }, kind: 'latency', milliseconds: 1000 }
  google.world.faults.push(slow)
  const id = await fixture.book()
  await until('Google is asked for it', () => (slow.hits ?? 0) > 0)

  await line.cut()
  // What it asked Google for is answered meanwhile, and cannot be written down.
  await until('the event is in Google', () => inserted() > 0)
  await until('the look has failed', () => worker.output().includes('"failure"'))
  await line.mend()

  await until('the copy is known', async () => (await fixture.mapping(id))?.state === 'live')
  expect(inserted(), 'the same event, found again').toBe(1)
  // A job whose end could not be noted would stay for hours.
  await until('nothing is left to do', async () => (await jobs()).length === 0)
  expect(await worker.stop(), worker.output()).toBe(0)
})

test('a worker that is told to stop while its database is away does not wait for it', {
  // A job waits a minute for a database that comes back.
  timeout: 58_000,
}, async () => {
  const fixture = await setUpFixture(database, google)
  const worker = startWorkerProcess()
  await until('the calendar is read', async () => (await fixture.connection())?.importedAt !== null)
  const slow: Fault = { match: { operation: 'events.insert' }, kind: 'latency', milliseconds: 1000 }
  google.world.faults.push(slow)
  await fixture.book()
  await until('Google is asked for it', () => (slow.hits ?? 0) > 0)
  await line.cut()
  try {
    await until('the look has failed', () => worker.output().includes('"failure"'))
    expect(await worker.stop(), worker.output()).toBe(0)
  } finally {
    await line.mend()
  }
})

test('nobody waits for a database any more who is told to stop', async () => {
  const stopping = new AbortController()
  const never = Object.assign(() => new Promise(() => {}), {}) as unknown as Database['sql']
  const waiting = awaitDatabase({ ...database, sql: never }, { limitMs: 3_600_000, stop: stopping.signal })
  stopping.abort()
  await waiting
})

const jobs = () => database.sql`select from graphile_worker.jobs where task_identifier = 'sync-connection'`

const inserted = () =>
  google.world.log.since(0).filter(({ operation, status }) => operation === 'events.insert' && status === 200)
    .length
