import type { Database } from '#db/client.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { takeExpiredHolds } from '#db/queries/receptionist/holds.ts'
import { publishChange } from '#lib/live/publish.ts'

const batch = 500

/** Reports holds that expired, and frees their time; what test keys hold is reported to no one. */
export const expireHolds = async ({ db }: Database): Promise<number> => {
  for (let total = 0; ; ) {
    const count = await db.transaction(async (tx) => {
      const expired = await takeExpiredHolds(tx, batch)
      const shown = expired.filter(({ test }) => !test)
      await insertChanges(
        tx,
        shown.map(({ id, businessId }) => ({ businessId, type: 'hold.expired', subjectId: id })),
      )
      for (const businessId of new Set(shown.map((hold) => hold.businessId)))
        await publishChange(tx, businessId, 'rows')
      return expired.length
    })
    total += count
    if (count < batch) return total
  }
}
