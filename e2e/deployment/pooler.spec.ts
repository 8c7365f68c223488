import { expect, test } from '../fixtures/fixtures.ts'
import { findPooler } from '../fixtures/pooler.ts'
import { mainJob } from '../steps/main-job.ts'

// A server on a managed database: the pooled address for queries, the direct one for LISTEN and the
// worker.
test.use({ mode: 'pooled' })

test.skip(!findPooler(), 'PgBouncer is not installed (apt-get install pgbouncer): nothing is shown about poolers here.')

test('the main job works behind a transaction pooler', async ({ page, app, google, signInAs }) => {
  await mainJob({ page, app, google, signInAs })
  expect(await app.pooler?.transactions()).toBeGreaterThan(50)
})
