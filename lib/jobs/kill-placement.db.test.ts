import { describe, expect } from 'vitest'
import { test } from '#testing/chaos-test.ts'
import { chosenOf } from '#testing/kill/kill.ts'
import { killOfTeam } from '#testing/kill/team.ts'
import { teamPoints } from '#testing/kill/team-points.ts'
import { processTimeoutMs } from '#testing/worker-process.ts'

/** The process is killed while an appointment comes into several calendars, or leaves some. */

describe('killed between Google’s commit and the record of it', { timeout: processTimeoutMs }, () => {
  test.for(chosenOf(teamPoints))('%s', async ([_, point], { services }) =>
    expect(await killOfTeam(services, point)).toEqual([]),
  )
})
