import { expect, test } from './fixtures/fixtures.ts'
import { findPooler } from './fixtures/pooler.ts'
import { mainJob } from './steps/main-job.ts'

// A long-lived server on a managed database: its pooled address for everything, the direct one for LISTEN and the worker.
test.use({ mode: 'pooled' })

test.skip(
  !findPooler(),
  'PgBouncer is not installed (apt-get install pgbouncer): nothing is shown about poolers here.',
)

test('the main job behind a transaction pooler', async ({ page, app, google, signInAs }) => {
  await mainJob({ page, app, google, signInAs })
  expect(await app.pooler?.transactions()).toBeGreaterThan(50)
})
