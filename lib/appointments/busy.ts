import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readOverlapping } from '#db/queries/appointments.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import type { Role } from '#lib/auth/schema.ts'
import { type Blocker, blockerOfAppointment, type Span } from '#lib/availability/overlap.ts'
import { readOccurrences } from './occurrences.ts'
import { blockersOf } from './range.ts'
import { stateOf } from './state.ts'

type Search = {
  businessId: BusinessId
  role: Role
  memberIds: readonly string[]
  span: Span
  /** The appointment that is being changed does not stand in its own way. */
  exceptId: string
}

/** What takes the time of these members within `span`, as the asking member may see it. */
export const readBusy = async (db: Db | Tx, search: Search): Promise<Blocker[]> => {
  const { businessId, role, memberIds, span, exceptId } = search
  const facts = await readCalendarFacts(db, businessId)
  const [others, occurrences] = await Promise.all([
    readOverlapping(db, { businessId, ...span, memberIds, exceptId }),
    readOccurrences(db, { businessId, connection: facts.connection, span, blocking: true }),
  ])
  const held = others.flatMap((other) => blockerOfAppointment(stateOf(other)) ?? [])
  return [...held, ...blockersOf(occurrences, facts, { role, staffSee: facts.staffSee })]
}
