import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import type { BusinessId } from './business-id.ts'
import type { Database, Db, GlobalDb } from './client.ts'
import { pipelined } from './pipeline.ts'

/**
 * The rows of one business only. Each transaction, and each statement outside of one, first calls
 * `enter_business`, which sets the business and the role that row-level security limits to it
 * (docs/decisions/030-row-level-security.md). Both settings end with the transaction, so pooled
 * connections stay clean. `inTurn` starts a transaction when it may take a connection.
 */
export const tenantDb = ({ sql }: Pick<Database, 'sql'>, businessId: BusinessId, inTurn: InTurn = atOnce): Db => {
  const begin: Begin = (work) => inTurn(() => beginIn(sql, businessId, work))
  const db: GlobalDb = drizzle(tenantClient(sql, begin))
  return db as Db
}

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>
type Begin = <T>(work: Work<T>) => Promise<T>

const atOnce: InTurn = (work) => work()

const tenantClient = (sql: Sql, begin: Begin): Sql =>
  new Proxy(sql, {
    get: (target, key) => {
      if (key === 'unsafe') return unsafeOf(begin)
      if (key === 'begin') return begin
      return Reflect.get(target, key)
    },
  })

type Work<T> = (tx: TransactionSql) => Promise<T>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const enterBusiness = (businessId: BusinessId) => {
  if (!uuid.test(businessId)) throw new TypeError('The id of a business is a UUID.')
  return `select enter_business('${businessId}')`
}

/**
 * Entering shares the round trip of the first statements. If it fails, Postgres refuses those. The
 * rollback waits for the end of `work`, so that no statement can run outside of the transaction.
 */
const beginIn = async <T>(sql: Sql, businessId: BusinessId, work: Work<T>): Promise<T> => {
  const result = await sql.begin(async (tx) => {
    const entering = tx.unsafe(enterBusiness(businessId)).execute()
    const [entered, worked] = await Promise.allSettled([entering, work(pipelined(tx))])
    if (entered.status === 'rejected') throw entered.reason
    if (worked.status === 'rejected') throw worked.reason
    return { value: worked.value }
  })
  return result.value
}

/** Runs a lone statement in its own transaction. Drizzle calls `values()` before it awaits. */
const unsafeOf =
  (begin: Begin) =>
  (...[query, params]: Parameters<Sql['unsafe']>) => {
    let asArrays = false
    const rows = Promise.resolve().then(() =>
      begin(async (tx) => {
        const pending = tx.unsafe(query, params)
        return asArrays ? pending.values() : pending
      }),
    )
    const values = () => {
      asArrays = true
      return rows
    }
    return Object.assign(rows, { values })
  }
