import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { services } from '../schema/business.ts'

const fields = {
  name: services.name,
  otherNames: services.otherNames,
  durations: services.durations,
  gapBefore: services.gapBefore,
  gapAfter: services.gapAfter,
  noticeMinutes: services.noticeMinutes,
  horizonDays: services.horizonDays,
  memberIds: services.memberIds,
  people: services.people,
  price: services.price,
  description: services.description,
  active: services.active,
  outcome: services.outcome,
}

export type ServiceRow = Omit<typeof services.$inferSelect, 'businessId' | 'createdAt' | 'deletedAt'> & {
  deleted: boolean
}

const columns = { id: services.id, ...fields, deleted: sql<boolean>`services.deleted_at is not null` }

/** By name; deleted ones on request, for the appointments made with them. */
export const readServices = (
  db: Db | Tx,
  { businessId, deleted = false }: { businessId: BusinessId; deleted?: boolean },
): Promise<ServiceRow[]> =>
  db
    .select(columns)
    .from(services)
    .where(and(eq(services.businessId, businessId), deleted ? undefined : isNull(services.deletedAt)))
    .orderBy(asc(sql`lower(services.name)`), asc(services.id))

type Key = { businessId: BusinessId; id: string }

export const readService = async (db: Db | Tx, { businessId, id }: Key, options: { lock?: boolean } = {}) => {
  const query = db
    .select(columns)
    .from(services)
    .where(and(eq(services.businessId, businessId), eq(services.id, id)))
  const [row] = await (options.lock ? query.for('no key update') : query)
  return row ?? null
}

/** Null if another service has the name. */
export const insertService = async (tx: Tx, row: typeof services.$inferInsert): Promise<string | null> => {
  const [inserted] = await tx.insert(services).values(row).onConflictDoNothing().returning({ id: services.id })
  return inserted?.id ?? null
}

type Changes = Partial<Omit<ServiceRow, 'id'>>

export const updateService = async (tx: Tx, { businessId, id }: Key, { deleted, ...changes }: Changes) => {
  await tx
    .update(services)
    .set({ ...changes, ...(deleted !== undefined && { deletedAt: deleted ? sql`now()` : null }) })
    .where(and(eq(services.businessId, businessId), eq(services.id, id)))
}

/** Whether a service that is not deleted has the name, in upper or lower case. */
export const isNameTaken = async (
  tx: Tx,
  { businessId, name, exceptId }: { businessId: BusinessId; name: string; exceptId: string },
): Promise<boolean> => {
  const rows = await tx
    .select({ id: services.id })
    .from(services)
    .where(
      and(
        eq(services.businessId, businessId),
        isNull(services.deletedAt),
        sql`lower(services.name) = lower(${name})`,
        sql`services.id <> ${exceptId}`,
      ),
    )
    .limit(1)
  return rows.length > 0
}
