import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import type { BusinessId } from './business-id.ts'
import type { Database, Db } from './client.ts'
import * as schema from './schema.ts'

/**
 * The rows of one business and no others: every transaction, and every statement outside of one, first enters the
 * business, and from there Postgres shows a role that is not the tables' owner that business's rows alone (migration
 * `0004_tenant_wall`). Nothing outlives the transaction, so pooled connections stay as they were.
 */
export const behindWall = ({ sql }: Pick<Database, 'sql'>, businessId: BusinessId): Db =>
  drizzle(clientOf(sql, businessId), { schema }) as unknown as Db

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Sent off before it returns, and not waited for: what follows on the same connection comes after it. The id is part
 * of the text because a statement with parameters is answered twice before the next one may be sent.
 */
const enter = (tx: TransactionSql, businessId: BusinessId) => {
  if (!uuid.test(businessId)) throw new TypeError('The id of a business is a UUID.')
  return tx.unsafe(`select enter_business('${businessId}')`).execute()
}

/** Not entered means not done: the first failure of both is the outcome. */
const begin = <T>(sql: Sql, businessId: BusinessId, work: (tx: TransactionSql) => Promise<T>) =>
  sql.begin(async (tx) => {
    const entered = enter(tx, businessId)
    const [, answer] = await Promise.all([entered, work(tx)])
    return answer
  })

type Unsafe = { query: string; params: never[] }

/** What Drizzle asks of a `postgres` client: `options`, `begin`, and `unsafe` with `values()`. */
const clientOf = (sql: Sql, businessId: BusinessId) =>
  ({
    options: sql.options,
    begin: <T>(work: (tx: TransactionSql) => Promise<T>) => begin(sql, businessId, work),
    unsafe: (query: string, params: never[]) => {
      const run = (how: 'objects' | 'values') => alone(sql, businessId, { query, params, how })
      return {
        values: () => run('values'),
        // biome-ignore lint/suspicious/noThenProperty: a query of `postgres` is awaited without a call, so this one is too
        then: (...then: Parameters<Promise<unknown>['then']>) => run('objects').then(...then),
      }
    },
  }) as unknown as Sql

/** Only beginning and committing cost a journey of their own. */
const alone = (
  sql: Sql,
  businessId: BusinessId,
  { query, params, how }: Unsafe & { how: 'objects' | 'values' },
) =>
  begin(sql, businessId, async (tx) => {
    const asked = tx.unsafe(query, params)
    return await (how === 'values' ? asked.values() : asked)
  })
