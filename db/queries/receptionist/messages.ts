import { and, asc, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { services } from '../../schema/business.ts'
import { messages } from '../../schema/receptionist.ts'

/** What callers want a call back about. */

type SameMessage = { businessId: BusinessId; apiKeyId: string; callId: string; phone: string; wish: string }

/** The message that the same call left before; null if there is none. */
export const readSameMessage = async (tx: Tx, same: SameMessage): Promise<string | null> => {
  const [row] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.businessId, same.businessId),
        eq(messages.apiKeyId, same.apiKeyId),
        eq(messages.callId, same.callId),
        eq(messages.phone, same.phone),
        eq(messages.wish, same.wish),
      ),
    )
    .limit(1)
  return row?.id ?? null
}

export const insertMessage = async (tx: Tx, row: typeof messages.$inferInsert): Promise<void> => {
  await tx.insert(messages).values(row)
}

const columns = {
  id: messages.id,
  name: messages.name,
  phone: messages.phone,
  wish: messages.wish,
  callId: messages.callId,
  service: services.name,
  createdAt: messages.createdAt,
  doneAt: messages.doneAt,
  doneBy: messages.doneBy,
}

const select = (db: Db | Tx) =>
  db
    .select(columns)
    .from(messages)
    .leftJoin(services, and(eq(services.businessId, messages.businessId), eq(services.id, messages.serviceId)))

export type MessageRow = Awaited<ReturnType<typeof readOpenMessages>>[number]

type Page = { businessId: BusinessId; limit: number }

/** Those that wait for a person, the oldest first. */
export const readOpenMessages = (db: Db | Tx, { businessId, limit }: Page) =>
  select(db)
    .where(and(eq(messages.businessId, businessId), isNull(messages.doneAt)))
    .orderBy(asc(messages.createdAt), asc(messages.id))
    .limit(limit)

/** The last done first; `before` is the `doneAt` of the last one on the page before. */
export const readDoneMessages = (db: Db | Tx, { businessId, before, limit }: Page & { before?: string }) =>
  select(db)
    .where(
      and(
        eq(messages.businessId, businessId),
        isNotNull(messages.doneAt),
        before === undefined ? undefined : lt(messages.doneAt, before),
      ),
    )
    .orderBy(desc(messages.doneAt), desc(messages.id))
    .limit(limit)

export const countOpenMessages = async (db: Db | Tx, businessId: BusinessId): Promise<number> => {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(messages)
    .where(and(eq(messages.businessId, businessId), isNull(messages.doneAt)))
  return row?.count ?? 0
}

type Key = { businessId: BusinessId; id: string }

/** Null if there is none, or if it is so already. */
export const setMessageDone = async (
  tx: Tx,
  { businessId, id }: Key,
  doneBy: string | null,
): Promise<{ name: string; phone: string; wish: string } | null> => {
  const [row] = await tx
    .update(messages)
    .set({ doneAt: doneBy === null ? null : sql`now()`, doneBy })
    .where(
      and(
        eq(messages.businessId, businessId),
        eq(messages.id, id),
        doneBy === null ? isNotNull(messages.doneAt) : isNull(messages.doneAt),
      ),
    )
    .returning({ name: messages.name, phone: messages.phone, wish: messages.wish })
  return row ?? null
}

export const hasMessage = async (tx: Tx, { businessId, id }: Key): Promise<boolean> => {
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.businessId, businessId), eq(messages.id, id)))
  return rows.length > 0
}
