import { beforeAll, expect, test, vi } from 'vitest'
import { readSchedulerAge } from '#db/queries/operations.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { register } from '../../instrumentation.ts'

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))

test('a server beside workers of their own works off nothing itself', async () => {
  vi.stubEnv('NEXT_RUNTIME', 'nodejs')
  vi.stubEnv('WORKER_IN_SERVER', 'off')
  await register()
  // A worker would have asked what is due before it says that it runs.
  expect(await readSchedulerAge(database.db)).toBeNull()
})
