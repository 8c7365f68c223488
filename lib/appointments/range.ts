import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentWithMapping, readAppointmentsInRange } from '#db/queries/appointments.ts'
import { type PlacedMapping, readPlacedMappings } from '#db/queries/mappings/placed.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { type HoldRow, readOpenHolds } from '#db/queries/receptionist/holds.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Clash, Clashes } from '#lib/availability/clash.ts'
import { clashesOfAll } from '#lib/availability/clash-sweep.ts'
import { blockerOfOccurrence, overlaps, type Span } from '#lib/availability/overlap.ts'
import { seriesMarks } from '#lib/repeat/mark.ts'
import { type CalendarRows, googleRuleOf, membersBlockedBy } from './calendars/meetings.ts'
import { readCalendars } from './calendars/read-calendars.ts'
import type { AppointmentState } from './change.ts'
import { newReadBudget, type ReadBudget, readPages, spend } from './read-budget.ts'
import type { Appointment, CalendarRange, Hold } from './schema.ts'
import { toAppointmentState } from './state.ts'
import { syncMarkIn } from './sync-mark.ts'
import { busyTitle, type VisibilityPolicy, visibleBusy, visibleOccurrence, visibleTitle } from './visibility.ts'

type RangeQuery = {
  businessId: BusinessId
  role: Role
  /** Whose own busy times, and appointments in their own calendar, come with their links. */
  viewerId?: string
  /** UTC instants, the end exclusive. */
  span: Span
  cancelled?: boolean
  now: string
}

/**
 * Everything of a business that touches `span`, as `role` may see it. One transaction, so that the
 * tenant scope is set once. Throws if that is more than the budget: call it in `orTooMany`.
 */
export const readCalendarRange = (db: Db, query: RangeQuery): Promise<CalendarRange> =>
  db.transaction((tx) => readRangeIn(tx, query))

const readRangeIn = async (tx: Tx, query: RangeQuery): Promise<CalendarRange> => {
  const { businessId, span, role, viewerId, now } = query
  const budget = newReadBudget(businessId)
  const range = { businessId, from: span.start, to: span.end, cancelled: query.cancelled }
  const [facts, within, holds] = await Promise.all([
    readCalendarFacts(tx, businessId),
    readAppointments(tx, range, budget),
    readOpenHolds(tx, { businessId, from: span.start, to: span.end }),
  ])
  // An appointment that extends beyond the span may clash there, so neighbours are read as well.
  const reach = reachOf(within, span)
  const wider = reach !== span
  const around = { businessId, facts, span: reach, budget }
  const hasOwn = facts.hasMemberMappings || facts.busyCalendars.some(({ purpose }) => purpose === 'appointments')
  const ids = within.map(({ id }) => id)
  const [neighbours, rows, placed] = await Promise.all([
    wider ? readAppointments(tx, { businessId, from: reach.start, to: reach.end }, newReadBudget(businessId)) : within,
    readCalendars(tx, around),
    hasOwn ? readPlacedMappings(tx, { businessId, appointmentIds: ids }) : null,
  ])
  const policy = { role, staffSee: facts.staffSee, viewerId }
  const clashes = await clashesWith(neighbours, blockersOf(rows, facts, policy))
  const listed = [...clashes.values()].reduce((sum, each) => sum + each.clashes.length, 0)
  spend(budget, { characters: listed * charactersPerClash })
  const markOf = seriesMarks()
  const rule = googleRuleOf(facts)
  return {
    appointments: within.map((row) => appointmentOf(row, { facts, clashes, now, viewerId, placed, markOf })),
    occurrences: rows.own.filter((row) => overlaps(row, span)).map((row) => visibleOccurrence(row, policy, rule)),
    busy: rows.busy.filter((row) => overlaps(row, span)).map((row) => visibleBusy(row, policy)),
    holds: holds.map(toHold),
  }
}

const toHold = ({ id, startsAt, endsAt, memberIds, expiresAt }: HoldRow): Hold => ({
  ...{ id, memberIds, expiresAt },
  ...{ start: startsAt, end: endsAt },
})

type AppointmentsQuery = Parameters<typeof readAppointmentsInRange>[1]

const readAppointments = (tx: Tx, query: AppointmentsQuery, budget: ReadBudget) =>
  readPages<AppointmentWithMapping>({ budget, size: 2000, isAnswer: true }, (page) =>
    readAppointmentsInRange(tx, query, page),
  )

/** A booking that was just saved without clashes and is being sent to Google. */
export const justBooked = (state: AppointmentState): Appointment => ({
  ...state,
  sync: { state: 'saving' },
  ...noClashes,
})

const charactersPerClash = 250

const noClashes: Clashes = { clashes: [], clashCount: 0 }

const reachOf = (rows: readonly AppointmentWithMapping[], span: Span): Span => {
  const start = [span.start, ...rows.map((row) => row.startsAt)].sort().at(0) ?? span.start
  const end = [span.end, ...rows.map((row) => row.endsAt)].sort().at(-1) ?? span.end
  return start === span.start && end === span.end ? span : { start, end }
}

export const blockersOf = ({ own, busy }: CalendarRows, facts: CalendarFacts, policy: VisibilityPolicy): Clash[] => {
  const rule = googleRuleOf(facts)
  return [
    ...own.flatMap((row): Clash | [] => {
      const memberIds = membersBlockedBy(row, rule)
      if (!memberIds) return []
      const blocking = { ...row, googleEventId: row.instanceId, title: visibleTitle(row, policy) }
      return { ...blockerOfOccurrence(blocking, rule), memberIds }
    }),
    ...busy.map((row): Clash => {
      const { id, start, end, memberId } = row
      return { kind: 'google', id, title: busyTitle(row, policy), start, end, memberIds: [memberId] }
    }),
  ]
}

const clashesWith = (rows: readonly AppointmentWithMapping[], google: Clash[]) =>
  clashesOfAll(rows.filter((row) => row.status === 'booked').map(toAppointmentState), google)

type RowFacts = {
  facts: CalendarFacts
  clashes: Map<string, Clashes>
  now: string
  viewerId?: string
  /** Null where no member has an appointments calendar. */
  placed: Map<string, PlacedMapping[]> | null
  markOf: ReturnType<typeof seriesMarks>
}

const appointmentOf = (
  row: AppointmentWithMapping,
  { facts, clashes, now, viewerId, placed, markOf }: RowFacts,
): Appointment => ({
  ...toAppointmentState(row),
  sync: syncMarkIn(row, { calendar: facts.calendar, placed: placed && (placed.get(row.id) ?? []) }, { now, viewerId }),
  ...(clashes.get(row.id) ?? noClashes),
  ...markOf(row),
})
