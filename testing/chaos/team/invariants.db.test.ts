import { expect } from 'vitest'
import { test } from '../../chaos-test.ts'
import { judgeGaps, notePlacement } from './invariants.ts'
import { createTeam } from './model.ts'

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
