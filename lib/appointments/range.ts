import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentWithMapping, readAppointmentsInRange } from '#db/queries/appointments.ts'
import { type CalendarFacts, type OccurrenceRow, readCalendarFacts } from '#db/queries/occurrences.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { blockerOfOccurrence, clashesOfAll, overlaps, type Span } from '#lib/availability/overlap.ts'
import type { AppointmentState } from './change.ts'
import { readOccurrences } from './occurrences.ts'
import type { Appointment, CalendarRange } from './schema.ts'
import { stateOf } from './state.ts'
import { syncMark } from './sync-mark.ts'
import { visibleOccurrence, visibleTitle } from './visibility.ts'

type Wanted = {
  businessId: BusinessId
  role: Role
  /** UTC instants, half-open. */
  span: Span
  cancelled?: boolean
  now: string
}

/** Everything of a business that touches `span`, as the asking member may see it. In one transaction: the wall is passed once. */
export const readCalendarRange = (db: Db, wanted: Wanted): Promise<CalendarRange> =>
  db.transaction((tx) => readRangeIn(tx, wanted))

const readRangeIn = async (tx: Tx, wanted: Wanted): Promise<CalendarRange> => {
  const { businessId, span, role, now } = wanted
  const range = { businessId, from: span.start, to: span.end, cancelled: wanted.cancelled }
  const [facts, within] = await Promise.all([
    readCalendarFacts(tx, businessId),
    readAppointmentsInRange(tx, range),
  ])
  // A clash may lie outside what is shown: with the far end of an appointment that reaches out of it.
  const reach = reachOf(within, span)
  const wider = reach !== span
  const around = { businessId, connection: facts.connection, span: reach }
  const [neighbours, occurrences] = await Promise.all([
    wider ? readAppointmentsInRange(tx, { businessId, from: reach.start, to: reach.end }) : within,
    readOccurrences(tx, around),
  ])
  const eyes = { role, staffSee: facts.staffSee }
  const clashes = clashesWith(neighbours, blockersOf(occurrences, facts, eyes))
  return {
    appointments: within.map((row) => appointmentOf(row, { facts, clashes, now })),
    occurrences: occurrences.filter((row) => overlaps(row, span)).map((row) => visibleOccurrence(row, eyes)),
  }
}

/** An appointment that was booked this moment, clashes with nothing, and is on its way to Google. */
export const justBooked = (state: AppointmentState): Appointment => ({
  ...state,
  sync: { state: 'saving' },
  clashes: [],
})

const reachOf = (rows: readonly AppointmentWithMapping[], span: Span): Span => {
  const start = [span.start, ...rows.map((row) => row.startsAt)].sort().at(0) ?? span.start
  const end = [span.end, ...rows.map((row) => row.endsAt)].sort().at(-1) ?? span.end
  return start === span.start && end === span.end ? span : { start, end }
}

type Eyes = Parameters<typeof visibleTitle>[1]

export const blockersOf = (
  occurrences: readonly OccurrenceRow[],
  facts: CalendarFacts,
  eyes: Eyes,
): Clash[] =>
  occurrences
    .filter((row) => row.blocks)
    .map((row) =>
      blockerOfOccurrence(
        { ...row, googleEventId: row.instanceId, title: visibleTitle(row, eyes) },
        { guestlessBlocks: facts.guestlessBlocks, linkedBy: facts.connection?.linkedBy ?? null },
      ),
    )

const clashesWith = (rows: readonly AppointmentWithMapping[], google: Clash[]) =>
  clashesOfAll(rows.filter((row) => row.status === 'booked').map(stateOf), google)

const appointmentOf = (
  row: AppointmentWithMapping,
  { facts, clashes, now }: { facts: CalendarFacts; clashes: Map<string, Clash[]>; now: string },
): Appointment => ({
  ...stateOf(row),
  sync: syncMark(row, facts.connection, now),
  clashes: clashes.get(row.id) ?? [],
})
