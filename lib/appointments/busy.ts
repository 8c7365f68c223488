import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readOverlapping } from '#db/queries/appointments.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import type { Role } from '#lib/auth/schema.ts'
import { type Blocker, blockerOfAppointment, type Span } from '#lib/availability/overlap.ts'
import { readOccurrences } from './occurrences.ts'
import { blockersOf } from './range.ts'
import { toAppointmentState } from './state.ts'

type BusySearch = {
  businessId: BusinessId
  role: Role
  memberIds: readonly string[]
  span: Span
  /** The appointment being changed, which does not block itself. */
  exceptId: string
}

/** What takes the time of these members within `span`, with the titles that `role` may see. */
export const readBusy = async (db: Db | Tx, search: BusySearch): Promise<Blocker[]> => {
  const { businessId, role, memberIds, span, exceptId } = search
  const facts = await readCalendarFacts(db, businessId)
  const [others, occurrences] = await Promise.all([
    readOverlapping(db, { businessId, ...span, memberIds, exceptId }),
    readOccurrences(db, { businessId, connection: facts.connection, span, blocking: true }),
  ])
  const booked = others.flatMap((other) => blockerOfAppointment(toAppointmentState(other)) ?? [])
  return [...booked, ...blockersOf(occurrences, facts, { role, staffSee: facts.staffSee })]
}
