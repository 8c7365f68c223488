import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { mainJob } from './steps/main-job.ts'
import { schedulerAlone } from './steps/scheduler-alone.ts'
import { owner } from './steps/steps.ts'

// Where nothing outlives a request: no worker in the process, no stream beyond the limit of a function.
test.use({ mode: 'serverless' })
// One after the other: one server serves them all.
test.describe.configure({ mode: 'default' })

test('the main job without a worker', ({ page, app, google, signInAs }) =>
  mainJob({ page, app, google, signInAs }))

test('a stream ends before the function does, and the browser comes back', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/calendar`)
  const lived = await page.evaluate(async () => {
    const begun = performance.now()
    const reader = (await fetch('/api/live')).body?.getReader()
    while (!(await reader?.read())?.done);
    return performance.now() - begun
  })
  expect(lived).toBeGreaterThan(5000)
  // Far from what it lives elsewhere, on however slow a machine.
  expect(lived).toBeLessThan(30_000)
})

test('the scheduler alone makes everything right: no ring, no queue, no page open', ({ app, google }) =>
  schedulerAlone({ app, google }))
