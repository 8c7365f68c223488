import { expect, onTestFinished, vi } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { tasks } from './tasks.ts'

const at = (hour: number) => new Date(Date.UTC(2027, 0, 12, hour)).toISOString()

const runJob = async ({ database, syncedCalendarId }: SyncFixture) => {
  const job = { id: '1', task_identifier: 'sync-calendar' }
  await tasks(database)['sync-calendar']?.({ syncedCalendarId }, { job } as never)
}

const storedEvents = async ({ mirror }: SyncFixture) => (await mirror()).events.length

test('a calendar of many pages leaves its place after a minute, and a later job reads on', async ({
  fixture,
  google,
  database,
}) => {
  for (let hour = 0; hour < 3; hour++)
    fixture.inGoogle.create({ summary: 'One of many', start: { dateTime: at(hour) }, end: { dateTime: at(hour + 1) } })
  google.world.state.switches.itemsPerPage = 1
  const firstPage = fixture.holdNext('events.list')
  const first = runJob(fixture)
  await firstPage.reached
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
  onTestFinished(() => void vi.useRealTimers())
  await database.sql`delete from graphile_worker._private_jobs`
  firstPage.release()
  await first
  expect(await storedEvents(fixture)).toBe(1)
  const due = await database.sql`
    select from graphile_worker.jobs where task_identifier = 'sync-calendar' and run_at <= now()`
  expect(due).toHaveLength(1)
  await runJob(fixture)
  expect(await storedEvents(fixture)).toBe(3)
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
})
