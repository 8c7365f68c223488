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
  drizzle(clientOf(sql, businessId), { schema })

const enter = (tx: TransactionSql, businessId: BusinessId) => tx`select enter_business(${businessId})`

type Unsafe = { query: string; params: never[] }

/** What Drizzle asks of a `postgres` client: `options`, `begin`, and `unsafe` with `values()`. */
const clientOf = (sql: Sql, businessId: BusinessId) =>
  ({
    options: sql.options,
    begin: <T>(work: (tx: TransactionSql) => Promise<T>) =>
      sql.begin(async (tx) => {
        await enter(tx, businessId)
        return await work(tx)
      }),
    unsafe: (query: string, params: never[]) => {
      const run = (how: 'objects' | 'values') => alone(sql, businessId, { query, params, how })
      return {
        values: () => run('values'),
        // biome-ignore lint/suspicious/noThenProperty: a query of `postgres` is awaited without a call, so this one is too
        then: (...then: Parameters<Promise<unknown>['then']>) => run('objects').then(...then),
      }
    },
  }) as unknown as Sql

/** Both statements are sent at once; only beginning and committing cost a journey of their own. */
const alone = (
  sql: Sql,
  businessId: BusinessId,
  { query, params, how }: Unsafe & { how: 'objects' | 'values' },
) =>
  sql.begin(async (tx) => {
    const entered = enter(tx, businessId)
    const asked = tx.unsafe(query, params)
    const [, rows] = await Promise.all([entered, how === 'values' ? asked.values() : asked])
    return rows
  })
