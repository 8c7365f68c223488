import { describe, expect } from 'vitest'
import { test } from '#testing/chaos-test.ts'
import { chosenOf } from '#testing/kill/kill.ts'
import { points } from '#testing/kill/points.ts'
import { killOfTeam } from '#testing/kill/team.ts'
import { processTimeoutMs } from '#testing/worker-process.ts'

/** As `kill.db.test.ts`, with appointments in the calendars of their assignees as well. */

describe('killed between Google’s commit and the record of it, with eight calendars', {
  timeout: processTimeoutMs,
}, () => {
  test.for(chosenOf(points))('%s', async ([_, point], { services }) =>
    expect(await killOfTeam(services, point)).toEqual([]),
  )
})
