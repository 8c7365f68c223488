import { schedule } from '#lib/jobs/schedule.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import { relink } from '../../link.ts'
import { changeEnvironment, passTime } from '../environment.ts'
import { pick, type Services } from '../model.ts'
import { approveDeletion, link, retry } from '../owner.ts'
import { reported } from '../run-scenario.ts'
import { bothSettled, clearQueue, connectCrashing, workQueue } from '../sync-run.ts'
import type { TeamCommand, TeamSyncCommand } from './commands.ts'
import { findTeamViolations } from './invariants.ts'
import { createTeam, syncedCalendars, type Team } from './model.ts'
import { asPerson } from './people.ts'

/**
 * Runs a scenario of a team, lets all calendars converge, and throws with all steps if an invariant
 * is violated.
 */
export const runTeamScenario = async (services: Services, commands: TeamCommand[]): Promise<void> => {
  const team = await createTeam(services)
  await reported(team, async () => {
    for (const command of commands) {
      team.steps.push(JSON.stringify(command))
      await runCommand(team, command)
    }
    team.steps.push('converge')
    await converge(team)
    return findTeamViolations(team)
  })
}

const runCommand = async (team: Team, command: TeamCommand): Promise<void> => {
  switch (command.do) {
    case 'sync':
      return runSync(team, command)
    case 'inject-fault':
    case 'clear-faults':
    case 'hold-reads':
    case 'release-reads':
    case 'switch':
    case 'notifications':
    case 'release-notifications':
    case 'pass-time':
      return changeEnvironment(team, command)
    default:
      return asPerson(team, command)
  }
}

/** One run, two calendars at once, or the queue; its process may crash. */
const runSync = async (team: Team, { mode, calendar, crash }: TeamSyncCommand): Promise<void> => {
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
  const [error] = team.queueErrors.splice(0)
  if (error && !crashing) throw new Error(error)
}

const rounds = 14

/** As `converge.ts` for one calendar: faults end, people do what Settings asks for, time passes. */
const converge = async (team: Team): Promise<void> => {
  const { google, webhook, database } = team
  google.world.faults.length = 0
  releaseReads(google.world)
  Object.assign(google.world.state.switches, { readLagMs: 0, getLagMs: 0 })
  webhook.set('lose')
  await webhook.idle()
  let changes = ''
  for (let round = 0; round < rounds; round++) {
    await repair(team)
    await passTime(team, 7)
    await clearQueue(team)
    const before = await fingerprint(team)
    await schedule(database)
    await workQueue(team)
    const [error] = team.queueErrors.splice(0)
    if (error) throw new Error(error)
    if (round === 1) await retryRefused(team)
    const after = await fingerprint(team)
    changes = after.flatMap((part, at) => (part === before[at] ? [] : `\n  ${before[at]}\n→ ${part}`)).join('')
    if (round > 1 && changes === '' && (await isHealthy(team))) return
  }
  const failing = (await syncedCalendars(team)).map(({ calendarId, lastFailureKind }) => [calendarId, lastFailureKind])
  throw new Error(`No convergence after ${rounds} rounds: ${JSON.stringify(failing)} ${changes}`)
}

const isHealthy = async (team: Team) =>
  (await syncedCalendars(team)).every(({ lastFailureKind }) => lastFailureKind === null)

/** People reconnect every account of which Google or the product says so. */
const repair = async (team: Team): Promise<void> => {
  await approveDeletion(team)
  const broken = (await syncedCalendars(team)).filter(({ lastFailureKind }) =>
    ['revoked', 'scope-missing'].includes(lastFailureKind ?? ''),
  )
  if (broken.some(({ memberId }) => memberId === null)) await link(team, 0)
  for (const { viewer, email } of team.team)
    if (broken.some(({ memberId }) => memberId === viewer.memberId))
      await relink({ viewer, email }, team.google, { whose: 'member', wish: { access: 'write' } })
}

const retryRefused = async (team: Team): Promise<void> => {
  const refused = await team.database.sql<{ id: string }[]>`
    select distinct appointment_id as id from event_mappings
    where business_id = ${team.fixture.businessId} and rejected_revision is not null`
  for (const { id } of refused) await retry(team, id)
}

const fingerprint = async ({ database: { sql }, fixture, google }: Team): Promise<string[]> => {
  const { businessId } = fixture
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(a) order by id)::text from appointments a where business_id = ${businessId}) as a,
      (select jsonb_agg(to_jsonb(c) - 'next_attempt_at' - 'pushed_at' - 'waiting_since' - 'generation' - 'attempts'
        order by appointment_id, google_sub, calendar_id)::text from event_mappings c where business_id = ${businessId}) as c,
      (select count(*) from activity where business_id = ${businessId}) as n,
      (select jsonb_agg(to_jsonb(e) - 'generation' order by synced_calendar_id, event_id)::text from google_events e
        where business_id = ${businessId}) as e`
  const written = google.world.log
    .since(0)
    .filter(({ operation, status }) => writes.includes(operation) && status < 400).length
  return [row?.a, row?.c, row?.n, row?.e, written].map(String)
}

const writes = ['events.insert', 'events.patch', 'events.delete']
