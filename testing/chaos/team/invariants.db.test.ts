import { expect } from 'vitest'
import { test } from '../../chaos-test.ts'
import { findTeamViolations, judgeGaps, notePlacement } from './invariants.ts'
import { createTeam } from './model.ts'
import { convergeTeam, runTeamCommand } from './run-team.ts'

test('an event may leave before its appointment is in a calendar that only a person can repair', async ({
  services,
}) => {
  const team = await createTeam(services)
  const [, mia] = team.team
  const gap = { name: '“Tap”', missing: mia?.own ?? '', remaining: [team.fixture.calendarId] }
  const judged = async (each: typeof gap) => {
    team.gaps.push(each)
    await judgeGaps(team)
    return team.violations.splice(0)
  }
  const violation = `“Tap” left a calendar before it was in ${mia?.own}`
  expect(await judged(gap)).toEqual([violation])
  await team.database.sql`update synced_calendars set waits_for_person = true where calendar_id = ${gap.missing}`
  expect(await judged(gap)).toEqual([])
  expect(await judged({ ...gap, remaining: [] }), 'the last event never goes first').toEqual([violation])

  await team.database.sql`
    update synced_calendars set waits_for_person = true where calendar_id = ${team.fixture.calendarId}`
  expect(await judged(gap), 'both stopped in this run').toEqual([])
  await notePlacement(team)
  expect(await judged(gap), 'both had stopped before it').toEqual([violation])
})

test('what a person changed in a member’s calendar is lost until a run has read it', async ({ services }) => {
  const team = await createTeam(services)
  const slot = { day: 3, hour: 9, minutes: 60 }
  await runTeamCommand(team, { do: 'book', slot, assignees: 0b10 })
  await convergeTeam(team)
  // The business calendar is 0, Olive's are 1 and 2, Mia's own is 3.
  await runTeamCommand(team, { do: 'change-mapped', calendar: 3, which: 0, fields: ['title'], slot })
  expect(await findTeamViolations(team)).toContainEqual(expect.stringMatching(/^Google’s title .* is lost$/))
  await convergeTeam(team)
  expect(await findTeamViolations(team)).toEqual([])
})
