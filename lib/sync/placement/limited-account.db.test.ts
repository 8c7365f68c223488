import { describe, expect } from 'vitest'
import { schedule } from '#lib/jobs/schedule.ts'
import { passTime } from '#testing/chaos/environment.ts'
import { workQueue } from '#testing/chaos/sync-run.ts'
import { findTeamViolations } from '#testing/chaos/team/invariants.ts'
import { createTeam, syncedCalendars, type Team } from '#testing/chaos/team/model.ts'
import { convergeTeam, runTeamCommand } from '#testing/chaos/team/run-team.ts'
import { test } from '#testing/chaos-test.ts'
import type { Fault } from '../../../emulator/model.ts'

/**
 * For an hour Google refuses everything of one account, whose member is an assignee of every
 * appointment. In the calendars of the others each appointment is after the next run.
 */

const [olive, mia, ben] = [1, 2, 4]
const stepMinutes = 5
const steps = 60 / stepMinutes

/** Fails each request for a calendar of Mia. */
const limit = (team: Team, fault: Partial<Fault>) => {
  const { own = '', busy = '' } = team.team[1] ?? {}
  const ids = [own, busy].map((id) => encodeURIComponent(id).replaceAll('.', '\\.'))
  team.google.world.faults.push({ match: { path: `/calendars/(${ids.join('|')})` }, kind: 'status', ...fault })
}
const revoke = (team: Team) => team.google.person.revokeAccess({ email: team.team[1]?.email ?? '' })

const ends: Record<string, (team: Team) => void> = {
  '403 rateLimitExceeded': (team) => limit(team, { status: 403, reason: 'rateLimitExceeded' }),
  '429 with Retry-After': (team) => limit(team, { status: 429, reason: 'rateLimitExceeded', retryAfter: 300 }),
  '403 quotaExceeded': (team) => limit(team, { status: 403, reason: 'quotaExceeded' }),
  'a grant that was revoked': revoke,
}

describe('an account that Google refuses for an hour delays no other account', { timeout: 120_000 }, () => {
  test.for(Object.entries(ends))('%s', async ([_, begin], { services }) => {
    const team = await createTeam(services)
    team.webhook.set('lose')
    const work = async () => {
      await schedule(team.database)
      await workQueue(team)
    }
    await work()
    begin(team)
    const since = team.google.world.log.last()
    for (let step = 1; step <= steps; step++) {
      const slot = { day: step, hour: 1, minutes: 60 }
      await runTeamCommand(team, { do: 'book', slot, assignees: olive | mia | ben })
      await work()
      expect(await behind(team), `after ${step * stepMinutes} minutes`).toEqual([])
      await passTime(team, stepMinutes / 60)
    }
    const refused = team.google.world.log
      .since(since)
      .filter(({ email, status }) => isOfMia(team, email) && status >= 400)
    expect(refused.length).toBeLessThan(5 * steps)
    expect((await syncedCalendars(team)).filter(({ lastFailureKind }) => lastFailureKind !== null)).not.toEqual([])
    await convergeTeam(team)
    expect(await findTeamViolations(team)).toEqual([])
  })
})

const isOfMia = (team: Team, email: string | null) => email === team.team[1]?.email

/** Calendars of the others that lack an appointment, or whose run is requested or has failed. */
const behind = async (team: Team): Promise<string[]> => {
  const ofMia = team.team[1]?.viewer.memberId
  const others = (await syncedCalendars(team)).filter(({ memberId }) => memberId !== ofMia)
  const rows = await team.database.sql<{ calendarId: string; live: number }[]>`
    select calendar_id as "calendarId", count(*)::int as live from event_mappings
    where business_id = ${team.fixture.businessId} and state = 'live' group by 1`
  const live = new Map(rows.map((row) => [row.calendarId, row.live]))
  const places = [team.fixture.calendarId, team.team[0]?.own, team.team[2]?.own]
  return [
    ...others.flatMap(({ calendarId, isRequested, lastFailureKind }) =>
      isRequested || lastFailureKind !== null ? [`${calendarId} is behind: ${lastFailureKind}`] : [],
    ),
    ...places.flatMap((id = '') => (live.get(id) === team.booked.size ? [] : [`${id}: ${live.get(id)} are there`])),
  ]
}
