import type { GlobalDb, GlobalTx } from '#db/client.ts'
import { activity } from '#db/schema.ts'

export type ActivityEntry = {
  businessId: string
  actor: { kind: 'member'; memberId: string } | { kind: 'google' } | { kind: 'sophiie' }
  /** A stable verb such as `appointment.moved`, `google.linked`. */
  what: string
  /** Why, in a sentence; empty when `what` says it all. */
  detail?: string
  appointmentId?: string
  before?: unknown
  after?: unknown
}

/** Appends to the activity log, in the transaction of the change it tells of. */
export const recordActivity = async (db: GlobalDb | GlobalTx, entries: ActivityEntry[]) => {
  if (entries.length === 0) return
  await db.insert(activity).values(
    entries.map(({ actor, ...entry }) => ({
      ...entry,
      actor: actor.kind,
      memberId: actor.kind === 'member' ? actor.memberId : null,
    })),
  )
}
