import type { BusinessId } from '#db/business-id.ts'
import type { Database, Tx } from '#db/client.ts'
import { type AppointmentRow, lockMembers } from '#db/queries/appointments.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import { insertAppointments } from '#db/queries/series/appointments.ts'
import { readPlannedStarts, readSeriesToPlan, writePlannedUntil } from '#db/queries/series/planning.ts'
import { readSeriesForUpdate, type SeriesRow } from '#db/queries/series/series.ts'
import { insertVisits, type VisitRow } from '#db/queries/series/visits.ts'
import { tenantDb } from '#db/tenant.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { Booked } from '#lib/availability/world.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { dateOf, dayNumberOf } from '#lib/repeat/repeat.ts'
import { type Checked, checkDates } from './check-dates.ts'
import { horizonOf, mostVisits, nextAfter, originalStarts, wallClock } from './dates.ts'
import { bookedAs, type DecidedDate, wantedOf } from './decide-dates.ts'
import { needsChoice } from './needs-choice.ts'
import { type PlannedDate, plannedDate } from './new-series.ts'
import { readDatesWorld } from './read-world.ts'
import { finish, visitOf, visitsOf } from './write-visits.ts'

/**
 * Moves the horizon of series on: books the visits of the dates that came into it. A date that is
 * not free makes a visit that needs a time; none is dropped, and none overlaps.
 */

type Rolled = { series: number; booked: number; needTime: number; failed: number }

const dateAfter = (date: string, days: number) => dateOf(dayNumberOf(date) + days)

/** A series is due when a week of its horizon is missing, so that each is planned once a week. */
const weekDays = 7

/** Of one business in one transaction. */
const batch = 50
const page = 1000

/**
 * In transactions of some series of one business each: a process that is killed loses one, and the
 * next run does it. `deadline`: no further batch is begun after it.
 */
export const rollSeries = async (
  database: Database,
  { now, deadline = Number.POSITIVE_INFINITY }: { now: string; deadline?: number },
): Promise<Rolled> => {
  const total = { series: 0, booked: 0, needTime: 0, failed: 0 }
  const until = dateAfter(horizonOf(now.slice(0, 10), ''), -weekDays)
  for (let after: Awaited<ReturnType<typeof readSeriesToPlan>>[number] | null = null; Date.now() < deadline; ) {
    const due: Awaited<ReturnType<typeof readSeriesToPlan>> = await readSeriesToPlan(database.db, {
      until,
      after,
      limit: page,
    })
    for (const [businessId, rows] of Map.groupBy(due, (each) => each.businessId))
      for (let first = 0; first < rows.length && Date.now() < deadline; first += batch) {
        const ids = rows.slice(first, first + batch).map(({ id }) => id)
        const rolled = await rollSome(database, { businessId, ids, now, until })
        for (const key of ['series', 'booked', 'needTime', 'failed'] as const) total[key] += rolled[key]
      }
    after = due.at(-1) ?? null
    if (due.length < page) break
  }
  return total
}

type Batch = { businessId: BusinessId; ids: readonly string[]; now: string; until: string }

/** One business that cannot be planned does not keep the others from it. */
const rollSome = async (database: Database, some: Batch): Promise<Rolled> => {
  try {
    const found = await orTooMany(() => tenantDb(database, some.businessId).transaction((tx) => rollIn(tx, some)))
    if (found.ok) return found.value
    // Fewer at a time have less to compare.
    if (some.ids.length > 1) return await rollOneByOne(database, some)
    log('warn', 'series', { businessId: some.businessId, failure: found.code })
  } catch (error) {
    log('error', 'series', { businessId: some.businessId, failure: nameOfError(error) })
  }
  return { series: 0, booked: 0, needTime: 0, failed: some.ids.length }
}

const rollOneByOne = async (database: Database, some: Batch): Promise<Rolled> => {
  const total = { series: 0, booked: 0, needTime: 0, failed: 0 }
  for (const id of some.ids) {
    const rolled = await rollSome(database, { ...some, ids: [id] })
    for (const key of ['series', 'booked', 'needTime', 'failed'] as const) total[key] += rolled[key]
  }
  return total
}

type Due = { series: SeriesRow; dates: PlannedDate[]; plannedUntil: string | null }

/** Lock order: calendar, series, members by id. */
const rollIn = async (tx: Tx, { businessId, ids, now, until }: Batch): Promise<Rolled> => {
  const [, rows] = await Promise.all([
    readCalendarFacts(tx, businessId, { lock: 'wait' }),
    readSeriesForUpdate(tx, { businessId, ids }),
  ])
  // Another run was faster, or a person changed it.
  const open = rows.filter((row) => !row.ended && row.plannedUntil !== null && row.plannedUntil <= until)
  if (open.length === 0) return { series: 0, booked: 0, needTime: 0, failed: 0 }
  const memberIds = [...new Set(open.flatMap(({ assigneeIds }) => assigneeIds))].sort()
  const from = [...open.map(({ plannedUntil }) => plannedUntil ?? '')].sort()[0] ?? ''
  const [active, planned] = await Promise.all([
    lockMembers(tx, { businessId, memberIds }),
    readPlannedStarts(tx, { businessId, seriesIds: open.map(({ id }) => id), from }),
  ])
  const known = new Set(planned.map(({ seriesId, originalStart }) => seriesId + originalStart))
  const due = open.map((series) => dueOf(series, { now, known }))
  const visits = await visitsOfDue(tx, { businessId, now, memberIds, active }, due)
  await insertAppointments(tx, { businessId, rows: visits.flatMap((each) => each.rows) })
  await insertVisits(tx, { businessId, visits: visits.flatMap((each) => each.visits) })
  await writePlannedUntil(tx, {
    businessId,
    planned: due.map(({ series, plannedUntil }) => ({ id: series.id, until: plannedUntil })),
  })
  const booked = visits.reduce((sum, each) => sum + each.rows.length, 0)
  const needTime = visits.reduce((sum, each) => sum + each.visits.length, 0) - booked
  if (visits.length > 0)
    await finish(
      tx,
      { businessId, actor: { kind: 'sophiie' } },
      visits.flatMap((each) => each.entries),
    )
  return { series: open.length, booked, needTime, failed: 0 }
}

/** The dates from the end of the horizon to where it is now, without those that have a row. */
const dueOf = (series: SeriesRow, { now, known }: { now: string; known: ReadonlySet<string> }): Due => {
  const clock = wallClock(series.timeZone)
  const horizon = horizonOf(clock.dateAt(now), series.startsAt.slice(0, 10))
  const from = dateAfter(series.plannedUntil ?? horizon, 1)
  const dates = originalStarts(series, { from, to: horizon, limit: mostVisits })
    .filter((originalStart) => !known.has(series.id + originalStart))
    .map((originalStart) => plannedDate(originalStart, { clock, minutes: series.minutes }))
    // A scheduler that stood still does not book the past.
    .filter(({ start }) => start > now)
  return { series, dates, plannedUntil: nextAfter(series, horizon) && horizon }
}

type Made = ReturnType<typeof visitsOf>
type World = Awaited<ReturnType<typeof readDatesWorld>>['world']
type Team = { businessId: BusinessId; now: string; memberIds: readonly string[]; active: readonly string[] }

/** Each series after the times of those before it are taken. */
const visitsOfDue = async (tx: Tx, team: Team, due: readonly Due[]): Promise<Made[]> => {
  const { businessId, now, memberIds } = team
  const dates = due.flatMap((each) => each.dates)
  if (dates.length === 0) return []
  const viewer = { id: '', role: 'owner' as const }
  const query = { businessId, viewer, dates, memberIds, now, googleUnchecked: false }
  const { world } = await readDatesWorld(tx, query)
  let booked = [...world.booked]
  return due.map(({ series, dates: wanted }) => {
    const made = visitsIn({ ...world, booked }, { series, dates: wanted }, team)
    booked = [...booked, ...made.rows.map(blockerOf)]
    return made
  })
}

const visitsIn = (
  world: World,
  { series, dates }: Pick<Due, 'series' | 'dates'>,
  { businessId, active }: Team,
): Made => {
  const { gapBefore, gapAfter, assigneeIds } = series
  const here = assigneeIds.filter((id) => active.includes(id)).sort()
  const checked = checkDates(world, dates.map(wantedOf), { memberIds: here, gapBefore, gapAfter, except: new Set() })
  const isLeft = assigneeIds.length > 0 && here.length === 0
  const [free, open]: [DecidedDate[], VisitRow[]] = [[], []]
  for (const [n, date] of dates.entries()) {
    const found = checked[n] as Checked
    const reason = isLeft ? 'away' : reasonOf(found, series.accepted)
    if (reason) open.push(visitOf(series.id, date.originalStart, { state: 'needs-time', reason }))
    else free.push({ ...date, ...bookedAs(found) })
  }
  const made = visitsOf({ businessId, series: { ...series, assigneeIds: here }, googleUnchecked: false }, free)
  return { ...made, visits: [...made.visits, ...open] }
}

const reasonOf = (found: Checked, accepted: readonly string[]): VisitRow['reason'] => {
  const { state, clashIds } = found
  if (!needsChoice(found) || accepted.includes(state) || state === 'free' || state === 'google-unknown') return null
  return state === 'clash' && clashIds.every(({ kind }) => kind === 'google') ? 'google' : state
}

const blockerOf = ({ id, startsAt, endsAt, assigneeIds, gapBefore, gapAfter }: AppointmentRow): Booked => ({
  ...{ id, kind: 'appointment', memberIds: assigneeIds, gapBefore, gapAfter },
  ...{ from: epochMs(startsAt), until: epochMs(endsAt) },
})
