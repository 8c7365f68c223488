import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { type ActivityFilter, readActivity } from '#db/queries/activity.ts'
import { readMembers } from '#db/queries/members.ts'
import { type ActivityLine, lineOf } from './line.ts'
import type { ActivityQuery } from './schema.ts'
import type { Setting } from './words.ts'

export const filterOf = (
  businessId: BusinessId,
  { who, appointment, kind }: ActivityQuery,
): ActivityFilter => ({
  businessId,
  kind,
  appointmentId: appointment,
  ...(who === 'google' || who === 'sophiie' ? { actor: who } : { memberId: who }),
})

/** Names for ids, and the zone: what turns rows into words. */
export const settingOf = async (
  db: Db,
  { businessId, timeZone }: { businessId: BusinessId; timeZone: string },
): Promise<Setting> => {
  const names = new Map((await readMembers(db, businessId)).map(({ id, name }) => [id, name]))
  return { timeZone, nameOf: (id) => names.get(id) ?? 'somebody' }
}

export type ActivityLines = {
  lines: ActivityLine[]
  /** Where the next page begins; null at the end. */
  next: number | null
}

export const readLines = async (
  db: Db,
  wanted: { filter: ActivityFilter; setting: Setting; before?: number; limit: number },
): Promise<ActivityLines> => {
  const { filter, setting, before, limit } = wanted
  const rows = await readActivity(db, filter, { before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    lines: shown.map((row) => lineOf(row, setting)),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
