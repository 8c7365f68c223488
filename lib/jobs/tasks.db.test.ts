import { randomUUID } from 'node:crypto'
import { type Attributes, metrics } from '@opentelemetry/api'
import { expect, vi } from 'vitest'
import { linkMember } from '#testing/link-busy.ts'
import { test } from '#testing/sync-test.ts'
import { tasks } from './tasks.ts'

test('the duration of a sync run is recorded with the purpose of its calendar', async ({ fixture, database }) => {
  const recorded: Attributes[] = []
  const record = (_: number, attributes: Attributes) => attributes.task && recorded.push(attributes)
  metrics.setGlobalMeterProvider({ getMeter: () => ({ createHistogram: () => ({ record }) }) } as never)
  const mia = await linkMember(fixture, { memberId: fixture.staffId, email: 'mia@x.example' })
  const busy = await mia.busy(mia.addCalendar())
  const job = { id: '1', task_identifier: 'sync-calendar' }
  for (const syncedCalendarId of [fixture.syncedCalendarId, busy.syncedCalendarId, randomUUID()])
    await tasks(database)['sync-calendar']?.({ syncedCalendarId }, { job } as never)
  metrics.disable()
  expect(recorded).toEqual([
    { task: 'sync-calendar', purpose: 'appointments', outcome: 'done' },
    { task: 'sync-calendar', purpose: 'busy', outcome: 'done' },
    // A calendar that is gone.
    { task: 'sync-calendar', outcome: 'done' },
  ])
})

test('neither the log nor the queue gets the parameters of a failed query', async ({ database }) => {
  const revocationId = randomUUID()
  await database.sql`alter table google_revocations rename to planted_table`
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const job = { id: '1', task_identifier: 'revoke' }
  const work = Promise.resolve(tasks(database).revoke?.({ revocationId }, { job } as never))
  // The queue stores the message of what a task throws.
  await expect(work).rejects.toThrow(/^PostgresError:42P01$/)
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)))
  written.mockRestore()
  expect(lines).toMatchObject([{ level: 'error', event: 'job', failure: 'PostgresError:42P01' }])
})
