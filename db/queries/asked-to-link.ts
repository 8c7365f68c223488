import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { members } from '../schema/business.ts'

/** When owners last asked members by e-mail to link their own Google account. */

type Asked = { businessId: BusinessId; memberId: string }

/** By member. */
export const readAskedToLink = async (db: Db | Tx, businessId: BusinessId): Promise<Map<string, string>> => {
  const rows = await db
    .select({ id: members.id, at: members.askedToLinkAt })
    .from(members)
    .where(and(eq(members.businessId, businessId), isNotNull(members.askedToLinkAt)))
  return new Map(rows.map(({ id, at }) => [id, at ?? '']))
}

/**
 * Records that the member is asked now. False if they are no active member, or were asked within
 * `minutes`: of two requests at once, one asks.
 */
export const takeAskToLink = async (
  db: Db | Tx,
  { businessId, memberId }: Asked,
  minutes: number,
): Promise<boolean> => {
  const rows = await db
    .update(members)
    .set({ askedToLinkAt: sql`now()` })
    .where(
      and(
        eq(members.businessId, businessId),
        eq(members.id, memberId),
        isNull(members.deactivatedAt),
        sql`(${members.askedToLinkAt} is null
          or ${members.askedToLinkAt} < now() - make_interval(mins => ${minutes}::int))`,
      ),
    )
    .returning({ id: members.id })
  return rows.length > 0
}

/** The e-mail was not sent. */
export const giveBackAskToLink = async (db: Db | Tx, { businessId, memberId }: Asked, before: string | null) => {
  await db
    .update(members)
    .set({ askedToLinkAt: before })
    .where(and(eq(members.businessId, businessId), eq(members.id, memberId)))
}
