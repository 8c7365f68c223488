import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { startProxy } from '#testing/database-proxy.ts'
import { type SyncFixture, setEnvironment } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'
import { awaitDatabase } from './await-database.ts'

/** `proxy`: the connection of the product to its database, which can be cut and restored. */
const test = syncTest.extend('proxy', { scope: 'file' }, async ({ database, google }) => {
  const proxy = await startProxy(database.url)
  setEnvironment(proxy, google)
  return proxy
})

test('a worker whose database goes away during a run continues when it is back', {
  timeout: processTimeoutMs,
}, async ({ fixture, proxy }) => {
  const worker = startWorkerProcess()
  await until('the calendar is read', async () => (await fixture.calendar())?.importedAt !== null)
  await until('nothing is left to do', async () => (await jobs(fixture)).length === 0)
  const insert = fixture.holdNext('events.insert')
  const id = await fixture.book()
  await insert.reached

  await proxy.cut()
  insert.release()
  // Google commits and answers, but the answer cannot be recorded.
  await until('the event is in Google', () => inserted(fixture) > 0)
  await until('the run has failed', () => worker.output().includes('"failure"'))
  await proxy.restore()

  await until('the event is recorded', async () => (await fixture.mapping(id))?.state === 'live')
  expect(inserted(fixture), 'the same event, adopted').toBe(1)
  // A job whose end was not recorded would stay locked for hours.
  await until('nothing is left to do', async () => (await jobs(fixture)).length === 0)
  expect(await worker.stop(), worker.output()).toBe(0)
})

test('a worker that gets SIGTERM while its database is away does not wait for it', {
  // Less than the minute for which a job waits for its database.
  timeout: 58_000,
}, async ({ fixture, proxy }) => {
  const worker = startWorkerProcess()
  await until('the calendar is read', async () => (await fixture.calendar())?.importedAt !== null)
  const insert = fixture.holdNext('events.insert')
  await fixture.book()
  await insert.reached
  await proxy.cut()
  insert.release()
  try {
    await until('the run has failed', () => worker.output().includes('"failure"'))
    expect(await worker.stop(), worker.output()).toBe(0)
  } finally {
    await proxy.restore()
  }
})

test('an aborted wait for the database ends at once', async ({ database }) => {
  const stopping = new AbortController()
  const never = Object.assign(() => new Promise(() => {}), {}) as unknown as Database['sql']
  const waiting = awaitDatabase({ ...database, sql: never }, { limitMs: 3_600_000, stop: stopping.signal })
  stopping.abort()
  await waiting
})

const jobs = ({ database }: SyncFixture) =>
  database.sql`select from graphile_worker.jobs where task_identifier = 'sync-calendar'`

const inserted = ({ google }: SyncFixture) =>
  google.world.log.since(0).filter(({ operation, status }) => operation === 'events.insert' && status === 200).length
