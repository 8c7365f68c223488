import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import type { BusinessId } from './business-id.ts'
import type { Database, Db } from './client.ts'
import { inOneJourney, transactionOf, type Unsafe } from './journeys.ts'
import * as schema from './schema.ts'

/**
 * The rows of one business and no others: every transaction, and every statement outside of one, first enters the
 * business, and from there Postgres shows a role that is not the tables' owner that business's rows alone (migration
 * `0004_tenant_wall`). Nothing outlives the transaction, so pooled connections stay as they were.
 */
export const behindWall = ({ sql }: Pick<Database, 'sql'>, businessId: BusinessId): Db =>
  drizzle(wallOf(sql, businessId), { schema }) as unknown as Db

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const entering = (businessId: BusinessId) => {
  if (!uuid.test(businessId)) throw new TypeError('The id of a business is a UUID.')
  return `select enter_business('${businessId}')`
}

/** Entering is sent off first and not waited for. Not entered means not done: the first failure of both is the outcome. */
const begin = <T>(sql: Sql, businessId: BusinessId, work: (tx: TransactionSql) => Promise<T>) =>
  sql.begin(async (tx) => {
    const entered = tx.unsafe(entering(businessId)).execute()
    const [, answer] = await Promise.all([entered, work(transactionOf(tx))])
    return answer
  })

const wallOf = (sql: Sql, businessId: BusinessId) =>
  ({
    options: sql.options,
    begin: <T>(work: (tx: TransactionSql) => Promise<T>) => begin(sql, businessId, work),
    unsafe: (query: string, params: unknown[]) => {
      const run = async (how: Unsafe['how']) =>
        inOneJourney(sql, entering(businessId), { query, params, how })
      return {
        values: () => run('values'),
        // biome-ignore lint/suspicious/noThenProperty: a query of `postgres` is awaited without a call, so this one is too
        then: (...then: Parameters<Promise<unknown>['then']>) => run('objects').then(...then),
      }
    },
  }) as unknown as Sql
