import type { Sql, TransactionSql } from 'postgres'

type Unsafe = Sql['unsafe']

/**
 * A client for Drizzle that prepares its statements. For an unnamed statement the driver first asks
 * for the parameter types, in a round trip of its own, and pipelines nothing behind it. A prepared
 * one takes a single round trip, which the statements of a transaction share if they are not
 * awaited in between. `connect` turns prepared statements off behind a pooler.
 */
export const pipelined = <Client extends Sql | TransactionSql>(client: Client): Client =>
  new Proxy(client, {
    get: (target, key) => {
      if (key === 'unsafe') return unsafeOf(target)
      if (key === 'begin' && 'begin' in target) return beginOf(target)
      if (key === 'savepoint' && 'savepoint' in target) return savepointOf(target)
      return Reflect.get(target, key)
    },
  })

const unsafeOf =
  (client: Sql | TransactionSql) =>
  (...[query, params = []]: Parameters<Unsafe>) =>
    client.unsafe(query, params, { prepare: isPreparable(query, params) })

type Work<T> = (tx: TransactionSql) => Promise<T>

const beginOf =
  (sql: Sql) =>
  <T>(work: Work<T>) =>
    sql.begin((tx) => work(pipelined(tx)))

const savepointOf =
  (tx: TransactionSql) =>
  <T>(work: Work<T>) =>
    tx.savepoint((inner) => work(pipelined(inner)))

/**
 * The mirror grows from nothing to tens of thousands of rows in seconds, and a generic plan made
 * for the empty table would stay. Of a long list each length would be a statement of its own.
 */
const isPreparable = (query: string, params: unknown[]): boolean =>
  params.length > 0 && params.length <= maxParams && !mirror.test(query)
const maxParams = 40
const mirror = /google_events|google_occurrences/
