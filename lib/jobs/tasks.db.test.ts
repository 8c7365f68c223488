import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { tasks } from './tasks.ts'

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))

test('neither the log nor the queue gets the parameters of a failed query', async () => {
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
