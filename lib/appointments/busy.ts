import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentRow, readOverlapping } from '#db/queries/appointments.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { type HoldRow, readOpenHolds } from '#db/queries/receptionist/holds.ts'
import type { Role } from '#lib/auth/schema.ts'
import { type Blocker, blockerOfAppointment, type Span } from '#lib/availability/overlap.ts'
import { readCalendars } from './calendars/read-calendars.ts'
import { blockersOf } from './range.ts'
import { newReadBudget, readPages } from './read-budget.ts'
import { toAppointmentState } from './state.ts'

type BusySearch = {
  businessId: BusinessId
  role: Role
  /** Whose own busy times are called just that. */
  viewerId?: string
  memberIds: readonly string[]
  span: Span
  /** The appointment being changed, which does not block itself. */
  exceptId: string
}

/**
 * What takes the time of these members within `span`, with the titles that `role` may see. Throws
 * if that is more than the budget: call it in `orTooMany`.
 */
export const readBusy = async (db: Db | Tx, search: BusySearch): Promise<Blocker[]> => {
  return await readBlockers(db, search, await readCalendarFacts(db, search.businessId))
}

/** The same with facts that the caller has read. */
export const readBlockers = async (db: Db | Tx, search: BusySearch, facts: CalendarFacts): Promise<Blocker[]> => {
  const { businessId, role, viewerId, memberIds, span, exceptId } = search
  const budget = newReadBudget(businessId)
  const [others, rows, holds] = await Promise.all([
    readPages<AppointmentRow>({ budget, size: 2000, isAnswer: true }, (page) =>
      readOverlapping(db, { businessId, ...span, memberIds, exceptId }, page),
    ),
    readCalendars(db, { businessId, facts, span, blocking: true, budget }),
    readOpenHolds(db, { businessId, from: span.start, to: span.end }),
  ])
  const booked = others.flatMap((other) => blockerOfAppointment(toAppointmentState(other)) ?? [])
  return [
    ...booked,
    ...blockersOf(rows, facts, { role, staffSee: facts.staffSee, viewerId }),
    ...holds.map(blockerOfHold).filter((hold) => hold.memberIds.some((id) => memberIds.includes(id))),
  ]
}

const blockerOfHold = ({ id, startsAt, endsAt, memberIds, expiresAt }: HoldRow): Blocker => ({
  ...{ kind: 'hold', id, title: 'Held by Sophiie' },
  ...{ start: startsAt, end: endsAt, memberIds, expiresAt },
})
