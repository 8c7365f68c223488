import { expect, test } from '../fixtures/fixtures.ts'
import { enter } from '../steps/calendar.ts'
import { mainJob } from '../steps/main-job.ts'
import { schedulerAlone } from '../steps/scheduler-alone.ts'
import { owner } from '../steps/steps.ts'

// As on Vercel: no worker in the process, no stream beyond the time limit of a function.
test.use({ mode: 'serverless' })
// Sequential: all tests share one server.
test.describe.configure({ mode: 'default' })

test('the main job works without a worker', ({ page, app, google, signInAs }) =>
  mainJob({ page, app, google, signInAs }))

test('a stream ends before the time limit, and the browser reconnects', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/calendar`)
  const lived = await page.evaluate(async () => {
    const started = performance.now()
    const reader = (await fetch('/api/live')).body?.getReader()
    while (!(await reader?.read())?.done);
    return performance.now() - started
  })
  expect(lived).toBeGreaterThan(5000)
  // Far below its normal duration, even on a slow machine.
  expect(lived).toBeLessThan(30_000)
})

test('the scheduler alone syncs both sides: no push notification, no queue, no open page', ({ app, google }) =>
  schedulerAlone({ app, google }))
