import { beforeAll, expect, test, vi } from 'vitest'
import { readSchedulerAge } from '#db/queries/operations.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { register } from '../../instrumentation.ts'

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))

test('a server with WORKER_IN_SERVER=off runs no jobs', async () => {
  vi.stubEnv('NEXT_RUNTIME', 'nodejs')
  vi.stubEnv('WORKER_IN_SERVER', 'off')
  await register()
  // A worker schedules once before it reports that it is running.
  expect(await readSchedulerAge(database.db)).toBeNull()
})
