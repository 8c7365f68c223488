import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { type ActivityFilter, readActivity } from '#db/queries/activity.ts'
import { readMembers } from '#db/queries/members.ts'
import { type ActivityLine, lineOf } from './line.ts'
import type { ActivityQuery } from './schema.ts'
import type { ActivityContext } from './words.ts'

export const filterOf = (businessId: BusinessId, { who, appointment, kind }: ActivityQuery): ActivityFilter => ({
  businessId,
  kind,
  appointmentId: appointment,
  ...(who === 'google' || who === 'sophiie' ? { actor: who } : { memberId: who }),
})

/** The member names and the zone that log lines need. */
export const activityContextOf = async (
  db: Db,
  { businessId, timeZone }: { businessId: BusinessId; timeZone: string },
): Promise<ActivityContext> => {
  const names = new Map((await readMembers(db, businessId)).map(({ id, name }) => [id, name]))
  return { timeZone, nameOf: (id) => names.get(id) ?? 'a former member' }
}

export type ActivityLines = {
  lines: ActivityLine[]
  /** `before` of the next page; null at the end. */
  next: number | null
}

export const readLines = async (
  db: Db,
  options: { filter: ActivityFilter; context: ActivityContext; before?: number; limit: number },
): Promise<ActivityLines> => {
  const { filter, context, before, limit } = options
  const rows = await readActivity(db, filter, { before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    lines: shown.map((row) => lineOf(row, context)),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
