import { describe, expect } from 'vitest'
import { findViolations } from '#testing/chaos/invariants.ts'
import { createModel } from '#testing/chaos/model.ts'
import { runCommand } from '#testing/chaos/run-scenario.ts'
import { test } from '#testing/chaos-test.ts'
import { killAt, takeOver } from '#testing/kill/kill.ts'
import { points } from '#testing/kill/points.ts'
import { processTimeoutMs } from '#testing/worker-process.ts'

/**
 * The worker's process is killed after Google has committed a request and before its response
 * arrives; another process takes over. I1–I12 hold.
 */

describe('killed between Google’s commit and the record of it', { timeout: processTimeoutMs }, () => {
  test.for(Object.entries(points))('%s', async ([_, point], { services }) => {
    const model = await createModel(services)
    model.webhook.set('lose')
    for (const command of [...point.before, ...point.during]) await runCommand(model, command)
    await killAt(model, point)
    await takeOver(model)
    expect(await findViolations(model)).toEqual([])
  })
})
