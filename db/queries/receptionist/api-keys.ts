import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, Tx } from '../../client.ts'
import { businesses, members, users } from '../../schema/business.ts'
import { apiKeys } from '../../schema/receptionist.ts'
import { type Bucket, tokenTaken } from '../rate-limits.ts'
import { rowsOf } from '../rows.ts'
import { notDurable } from '../transaction.ts'

export type ApiKeyRow = Omit<typeof apiKeys.$inferSelect, 'businessId' | 'secretHash'>

export const insertApiKey = async (tx: Tx, row: typeof apiKeys.$inferInsert): Promise<void> => {
  await tx.insert(apiKeys).values(row)
}

const columns = {
  id: apiKeys.id,
  name: apiKeys.name,
  hint: apiKeys.hint,
  scopes: apiKeys.scopes,
  serviceIds: apiKeys.serviceIds,
  memberIds: apiKeys.memberIds,
  test: apiKeys.test,
  createdBy: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
}

/** Those in use first, each part by age. */
export const readApiKeys = (db: Db | Tx, businessId: BusinessId): Promise<ApiKeyRow[]> =>
  db
    .select(columns)
    .from(apiKeys)
    .where(eq(apiKeys.businessId, businessId))
    .orderBy(sql`api_keys.revoked_at is not null`, asc(apiKeys.createdAt), asc(apiKeys.id))

export const countApiKeys = async (tx: Tx, businessId: BusinessId): Promise<number> => {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(apiKeys)
    .where(and(eq(apiKeys.businessId, businessId), isNull(apiKeys.revokedAt)))
  return row?.count ?? 0
}

type Key = { businessId: BusinessId; id: string }

export const lockApiKey = async (tx: Tx, { businessId, id }: Key): Promise<ApiKeyRow | null> => {
  const [row] = await tx
    .select(columns)
    .from(apiKeys)
    .where(and(eq(apiKeys.businessId, businessId), eq(apiKeys.id, id)))
    .for('no key update')
  return row ?? null
}

export const renameApiKey = async (tx: Tx, { businessId, id }: Key, name: string): Promise<void> => {
  await tx
    .update(apiKeys)
    .set({ name })
    .where(and(eq(apiKeys.businessId, businessId), eq(apiKeys.id, id)))
}

export const revokeApiKey = async (tx: Tx, { businessId, id }: Key): Promise<void> => {
  await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.businessId, businessId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
}

const isUsedLately = sql<boolean>`coalesce(api_keys.last_used_at > now() - interval '1 minute', false)`

/** Notes the use of a key, at most once a minute. */
export const noteUseOfApiKey = async (db: Db, { businessId, id }: Key): Promise<void> => {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.businessId, businessId), eq(apiKeys.id, id), sql`not ${isUsedLately}`))
}

/** The key of a secret, unless it is revoked. */
export const readApiKeyOfSecret = async (db: GlobalDb, secretHash: Buffer) => {
  const [row] = await db
    .select({
      ...{ id: apiKeys.id, businessId: apiKeys.businessId, scopes: apiKeys.scopes, test: apiKeys.test },
      ...{ serviceIds: apiKeys.serviceIds, memberIds: apiKeys.memberIds, usedLately: isUsedLately },
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.secretHash, secretHash), isNull(apiKeys.revokedAt)))
  return row ? { ...row, businessId: row.businessId as BusinessId } : null
}

/**
 * The same, and takes a token from the bucket of the key for `kind`; `hasToken` is false if it is
 * empty. In one statement, as every request of the interface begins with it.
 */
export const takeTokenOfSecret = async (
  db: GlobalDb,
  { secretHash, kind, ...bucket }: Bucket & { secretHash: Buffer; kind: string },
) => {
  const [row] = await rowsOf<KeyOfSecret & { hasToken: boolean }>(
    db,
    sql`
    with found as materialized (
      select id, business_id as "businessId", scopes, test, service_ids as "serviceIds", member_ids as "memberIds",
        ${isUsedLately} as "usedLately"
      from api_keys where secret_hash = decode(${secretHash.toString('hex')}, 'hex') and revoked_at is null),
    taken as (${tokenTaken(sql`'key:' || found.id || ${`:${kind}`} from found, ${notDurable}`, bucket)})
    select found.*, exists (select from taken) as "hasToken" from found`,
  )
  return row ?? null
}

type KeyOfSecret = Pick<ApiKeyRow, 'id' | 'scopes' | 'test' | 'serviceIds' | 'memberIds'> & {
  businessId: BusinessId
  usedLately: boolean
}

/** The businesses of which an address is an active owner. */
export const readBusinessesOfOwner = async (db: GlobalDb, email: string) => {
  const rows = await db
    .select({ businessId: businesses.id, name: businesses.name, memberId: members.id })
    .from(users)
    .innerJoin(members, eq(members.userId, users.id))
    .innerJoin(businesses, eq(businesses.id, members.businessId))
    .where(and(eq(users.email, email.toLowerCase()), eq(members.role, 'owner'), isNull(members.deactivatedAt)))
    .orderBy(asc(businesses.name))
  return rows.map((row) => ({ ...row, businessId: row.businessId as BusinessId }))
}
