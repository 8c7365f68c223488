import { syncCalendar } from '#lib/sync/run.ts'
import type { LogEntry } from '../../emulator/log.ts'
import type { Command } from '../chaos/commands.ts'
import { findViolationsOfBusinessCalendar } from '../chaos/invariants.ts'
import type { Services } from '../chaos/model.ts'
import { runCommand } from '../chaos/run-scenario.ts'
import { workQueue } from '../chaos/sync-run.ts'
import { findTeamViolations, notePlacement, observeGaps } from '../chaos/team/invariants.ts'
import { createTeam, syncedCalendars, type Team } from '../chaos/team/model.ts'
import { runTeamCommand } from '../chaos/team/run-team.ts'
import { zone } from '../chaos/times.ts'
import { killAt, takeOver } from './kill.ts'
import type { OfTeam, TeamPoint } from './team-points.ts'

/** Kills a run of a team with appointments in several calendars; returns what is wrong after. */
export const killOfTeam = async (services: Services, point: Omit<TeamPoint, 'in'> & Partial<TeamPoint>) => {
  const team = await createTeam(services)
  observeGaps(team)
  addOtherCalendar(team)
  team.webhook.set('lose')
  for (const command of [...point.before, ...point.during]) await run(team, command)
  await notePlacement(team)
  const { in: whose } = point
  await killAt(team, whose ? { ...point, isIn: isFor(team, whose) } : point)
  await takeOver(team)
  return [...(await findTeamViolations(team)), ...(await findViolationsOfBusinessCalendar(team))]
}

/** In the account of the business, for a change of calendar. */
const addOtherCalendar = ({ accounts, fixture, google }: Team) => {
  const { id } = google.person.addCalendar({ email: fixture.email, summary: 'Other', timeZone: zone })
  const [first] = accounts
  first?.calendarIds.splice(1, 0, fixture.email, id)
}

/** All calendars are read where one is read in the case of a single calendar. */
const run = async (team: Team, command: Command | OfTeam): Promise<void> => {
  if (command.do === 'of-team') return runTeamCommand(team, command.command)
  if (command.do !== 'sync') return runCommand(team, command)
  for (const { id } of await syncedCalendars(team)) await syncCalendar(team.database, id)
  // Runs that these have requested.
  await workQueue(team)
}

const isFor = ({ fixture, team }: Team, whose: TeamPoint['in']) => {
  const { own: calendarId } = team.find(({ viewer }) => viewer.name.startsWith(whose)) ?? { own: fixture.calendarId }
  return (entry: LogEntry) => entry.calendarId === calendarId
}
