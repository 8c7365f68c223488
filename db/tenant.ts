import { setImmediate } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import type { BusinessId } from './business-id.ts'
import type { Database, Db, Tx } from './client.ts'
import { collecting, inOneJourney, lazyClient, transactionOf } from './pipeline.ts'

/**
 * The rows of one business and no others: every transaction, and every statement outside of one,
 * first enters the business, and from there Postgres shows a role that is not the tables' owner
 * that business's rows alone (migration `0004_tenant_wall`). Nothing outlives the transaction, so
 * pooled connections stay as they were.
 */
export const tenantDb = ({ sql }: Pick<Database, 'sql'>, businessId: BusinessId): Db =>
  drizzle(wallOf(sql, businessId)) as unknown as Db

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const entering = (businessId: BusinessId) => {
  if (!uuid.test(businessId)) throw new TypeError('The id of a business is a UUID.')
  return `select enter_business('${businessId}')`
}

/**
 * Entering is sent off first and not waited for. Not entered means not done: the first failure of
 * both is the outcome.
 */
const begin = <T>(sql: Sql, businessId: BusinessId, work: (tx: TransactionSql) => Promise<T>) =>
  sql.begin(async (tx) => {
    const entered = tx.unsafe(entering(businessId)).execute()
    const [, answer] = await Promise.all([entered, work(transactionOf(tx))])
    return answer
  })

const wallOf = (sql: Sql, businessId: BusinessId) =>
  ({
    ...lazyClient(sql, async (query, params, how) => {
      const [rows] = await inOneJourney(sql, entering(businessId), [{ query, params, how }])
      return rows ?? []
    }),
    begin: <T>(work: (tx: TransactionSql) => Promise<T>) => begin(sql, businessId, work),
  }) as unknown as Sql

/**
 * A transaction in a single journey, its commit included: for `work` that asks for everything
 * before it waits for anything.
 */
export const tenantPipeline = async <T>(
  { sql }: Pick<Database, 'sql'>,
  businessId: BusinessId,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  const { client, depart } = collecting(sql, (statements) =>
    inOneJourney(sql, entering(businessId), statements),
  )
  const tx = drizzle(client as unknown as Sql) as unknown as Tx
  const answer = Promise.resolve().then(() => work(tx))
  // Its failure is found below; until then it is nobody's.
  answer.catch(() => {})
  // Drizzle sends what is asked a few steps later.
  await setImmediate()
  await depart()
  return answer
}
