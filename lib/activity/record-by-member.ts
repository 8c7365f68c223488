import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { publishChange } from '#lib/live/publish.ts'
import { recordActivity } from './record.ts'

type Entry = { what: string; before?: object; after?: object }

/** What a member did to the business: in the activity log, and open pages refresh. */
export const recordByMember = async (
  tx: Tx,
  { businessId, memberId }: { businessId: BusinessId; memberId: string },
  entry: Entry,
): Promise<void> => {
  await recordActivity(tx, [{ businessId, actor: { kind: 'member', memberId }, ...entry }])
  await publishChange(tx, businessId)
}
