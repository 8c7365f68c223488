import { schedule } from '#lib/jobs/schedule.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { relink } from '../../link.ts'
import { settle } from '../converge.ts'
import { changeEnvironment, isOfEnvironment } from '../environment.ts'
import { pick, type Services } from '../model.ts'
import { approveDeletion, link, requestRun } from '../owner.ts'
import { reported } from '../run-scenario.ts'
import { bothSettled, clearQueue, connectCrashing, workQueue } from '../sync-run.ts'
import type { TeamCommand, TeamSyncCommand } from './commands.ts'
import { findTeamViolations, judgeGaps, notePlacement, observeGaps } from './invariants.ts'
import { createTeam, syncedCalendars, type Team } from './model.ts'
import { asPerson } from './people.ts'

/**
 * Runs a scenario of a team, lets all calendars converge, and throws with all steps if an invariant
 * is violated.
 */
export const runTeamScenario = async (services: Services, commands: TeamCommand[]): Promise<void> => {
  const team = await createTeam(services)
  observeGaps(team)
  await reported(team, async () => {
    for (const command of commands) {
      team.steps.push(JSON.stringify(command))
      await runTeamCommand(team, command)
    }
    team.steps.push('converge')
    await notePlacement(team)
    await convergeTeam(team)
    return findTeamViolations(team)
  })
}

export const runTeamCommand = async (team: Team, command: TeamCommand): Promise<void> => {
  if (command.do === 'sync') return runSync(team, command)
  return isOfEnvironment(command) ? changeEnvironment(team, command) : asPerson(team, command)
}

/** One run, two calendars at once, or the queue; its process may crash. */
const runSync = async (team: Team, { mode, calendar, crash }: TeamSyncCommand): Promise<void> => {
  await notePlacement(team)
  const all = await syncedCalendars(team)
  const [first, second] = [pick(all, calendar), pick(all, calendar + 1)]
  if (!first || !second) return
  const crashing = crash ? connectCrashing(team.database) : null
  const database = crashing?.database ?? team.database
  let requests = 0
  team.requests.onCommit = () => {
    if (crash?.after === 'request' && ++requests === crash.count) crashing?.crash()
  }
  if (crash?.after === 'statement') crashing?.crashAfter(crash.count)
  try {
    if (mode === 'one') await syncCalendar(database, first.id)
    if (mode === 'two-at-once') await bothSettled([syncCalendar(database, first.id), syncCalendar(database, second.id)])
    if (mode === 'lost-queue') {
      await clearQueue(team)
      await schedule(team.database)
    }
    if (mode === 'queue' || mode === 'lost-queue') await workQueue(team, database)
  } catch (error) {
    if (!crashing?.hasCrashed()) throw error
  } finally {
    team.requests.onCommit = null
    await crashing?.end()
  }
  await judgeGaps(team)
  const [error] = team.queueErrors.splice(0)
  if (error && !crashing) throw new Error(error)
}

export const convergeTeam = (team: Team): Promise<void> =>
  settle(team, {
    repair: () => repair(team),
    isHealthy: async () => (await syncedCalendars(team)).every(({ lastFailureKind }) => lastFailureKind === null),
    retriedForEver: () => team.database.sql`true`,
    failing: async () =>
      (await syncedCalendars(team))
        .map(({ calendarId, lastFailureKind }) => `${calendarId}: ${lastFailureKind}`)
        .join(),
  })

/** People reconnect every account that the product says is broken, and try lost calendars again. */
const repair = async (team: Team): Promise<void> => {
  await judgeGaps(team)
  await approveDeletion(team)
  const synced = await syncedCalendars(team)
  for (const { id, lastFailureKind } of synced) if (lastFailureKind === 'calendar-lost') await requestRun(team, id)
  const broken = synced.filter(({ lastFailureKind }) => ['revoked', 'scope-missing'].includes(lastFailureKind ?? ''))
  if (broken.some(({ memberId }) => memberId === null)) await link(team, 0)
  for (const { viewer, email } of team.team)
    if (broken.some(({ memberId }) => memberId === viewer.memberId))
      await relink({ viewer, email }, team.google, { whose: 'member', wish: { access: 'write' } })
}
