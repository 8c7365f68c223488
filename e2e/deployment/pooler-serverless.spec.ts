import { expect, test } from '../fixtures/fixtures.ts'
import { findPooler } from '../fixtures/pooler.ts'
import { mainJob } from '../steps/main-job.ts'
import { schedulerAlone } from '../steps/scheduler-alone.ts'

// As on Vercel with a managed Postgres: no work after a response, no database session beyond a
// transaction.
test.use({ mode: 'pooled-serverless' })
// Sequential: all tests share one server.
test.describe.configure({ mode: 'default' })

test.skip(!findPooler(), 'PgBouncer is not installed (apt-get install pgbouncer): nothing is shown about poolers here.')

test('the main job works without a worker, behind a transaction pooler', async ({ page, app, google, signInAs }) => {
  await mainJob({ page, app, google, signInAs })
  expect(await app.pooler?.transactions()).toBeGreaterThan(50)
})

test('the scheduler alone syncs both sides, behind a transaction pooler', ({ app, google }) =>
  schedulerAlone({ app, google }))
