import type { GlobalDb, GlobalTx } from '#db/client.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { activity } from '#db/schema/business.ts'
import { changeTypeOf } from './change-type.ts'

export type ActivityEntry = {
  businessId: string
  actor: { kind: 'member'; memberId: string } | { kind: 'google' } | { kind: 'sophiie' }
  /** A stable verb such as `appointment.moved`, `google.linked`. */
  what: string
  /** The reason as one sentence, if there is one. */
  detail?: string
  appointmentId?: string
  before?: unknown
  after?: unknown
}

/**
 * Appends to the activity log, and to the changes that programs follow. Pass the transaction of the
 * change, after its rows are written.
 */
export const recordActivity = async (db: GlobalDb | GlobalTx, entries: ActivityEntry[]) => {
  if (entries.length === 0) return
  const rows = entries.map(({ actor, ...entry }) => ({
    ...entry,
    actor: actor.kind,
    memberId: actor.kind === 'member' ? actor.memberId : null,
  }))
  const changes = entries.flatMap(({ businessId, appointmentId, ...entry }) => {
    const type = changeTypeOf(entry)
    return type ? { businessId, type, subjectId: appointmentId ?? null } : []
  })
  await Promise.all([db.insert(activity).values(rows), insertChanges(db, changes)])
}
