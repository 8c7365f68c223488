import { and, desc, eq, like, lt } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { appointments } from '../schema/appointments.ts'
import { activity } from '../schema/business.ts'

export type ActivityRow = {
  id: number
  at: string
  actor: 'member' | 'google' | 'sophiie'
  memberId: string | null
  appointmentId: string | null
  /** The current title of the appointment, if the entry belongs to one. */
  title: string | null
  /** The phone call in which Sophiie made it. */
  callId: string | null
  what: string
  detail: string
  before: unknown
  after: unknown
}

export type ActivityFilter = {
  businessId: BusinessId
  memberId?: string
  appointmentId?: string
  /** The first word of `what`: `appointment`, `google`, `business`, `member`. */
  kind?: string
  actor?: 'google' | 'sophiie'
}

/** Newest first, ids below `before` (keyset): every page costs the same. */
export const readActivity = (
  db: Db | Tx,
  filter: ActivityFilter,
  page: { before?: number; limit: number },
): Promise<ActivityRow[]> =>
  db
    .select({
      id: activity.id,
      at: activity.at,
      actor: activity.actor,
      memberId: activity.memberId,
      appointmentId: activity.appointmentId,
      title: appointments.title,
      callId: appointments.callId,
      what: activity.what,
      detail: activity.detail,
      before: activity.before,
      after: activity.after,
    })
    .from(activity)
    .leftJoin(
      appointments,
      and(eq(appointments.businessId, activity.businessId), eq(appointments.id, activity.appointmentId)),
    )
    .where(
      and(
        eq(activity.businessId, filter.businessId),
        filter.memberId === undefined ? undefined : eq(activity.memberId, filter.memberId),
        filter.appointmentId === undefined ? undefined : eq(activity.appointmentId, filter.appointmentId),
        filter.actor === undefined ? undefined : eq(activity.actor, filter.actor),
        filter.kind === undefined ? undefined : like(activity.what, `${filter.kind}.%`),
        page.before === undefined ? undefined : lt(activity.id, page.before),
      ),
    )
    .orderBy(desc(activity.id))
    .limit(page.limit)
