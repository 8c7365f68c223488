import type { PendingQuery, Row, Sql, TransactionSql } from 'postgres'

/**
 * What Drizzle asks of a `postgres` client, with fewer journeys to the database. The driver first
 * asks for the types of the parameters of each unnamed statement and sends their values with a
 * second journey. Here values travel as text with the statement; Postgres reads them by the types
 * that it finds itself.
 */

type Asked = PendingQuery<Row[]>
type Param = string | number | bigint | boolean | Uint8Array | null
export type Unsafe = { query: string; params: unknown[]; how: 'objects' | 'values' }

export const clientOf = (sql: Sql): Sql =>
  ({
    options: sql.options,
    begin: <T>(work: (tx: TransactionSql) => Promise<T>) => sql.begin((tx) => work(transactionOf(tx))),
    unsafe: (query: string, params: unknown[]) => statement(sql, { query, params, alone: true }),
  }) as unknown as Sql

/** Statements of one transaction that are not waited for travel together. */
export const transactionOf = (tx: TransactionSql): TransactionSql =>
  ({
    savepoint: <T>(work: (inner: TransactionSql) => Promise<T>) =>
      tx.savepoint((inner) => work(transactionOf(inner))),
    unsafe: (query: string, params: unknown[]) => statement(tx, { query, params, alone: false }),
  }) as unknown as TransactionSql

/**
 * `alone`: on a connection that carries nothing else meanwhile, so that it never waits behind
 * somebody's lock.
 */
export const statement = (
  sql: Sql | TransactionSql,
  { query, params, alone }: { query: string; params: unknown[]; alone: boolean },
): Asked => {
  const apart: object = alone ? { onexecute: () => false } : {}
  if (!params.every(isParam)) return sql.unsafe<Row[]>(query, params as never[], apart)
  const prepare = isSteady(query, params)
  const asked: Asked = sql.unsafe<Row[]>(query, [], { ...apart, simple: false, prepare } as object)
  return Object.assign(asked, { parameters: params.map(asText) })
}

/**
 * Whose plan may be kept, where the address is direct. Not of what concerns the mirror: it grows
 * from nothing to ten thousands of rows in seconds, and a plan for the empty table would stay. Nor
 * of lists, each length of which is a statement of its own.
 */
const isSteady = (query: string, params: unknown[]): boolean =>
  params.length <= mostKept && !mirror.test(query)
const mostKept = 40
const mirror = /google_events|google_occurrences/

const isParam = (value: unknown): value is Param =>
  value === null ||
  value instanceof Uint8Array ||
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value)

const asText = (value: Param): string | null => {
  if (value === null) return null
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value)
}

/**
 * A query of the driver before it is sent, and the connection that the driver chose for the first
 * of them.
 */
type Sendable = Asked & { executed: boolean }
type Wire = { execute: (query: Sendable) => unknown; reserved: unknown }

/**
 * One transaction of `first` and some statements, in a single journey. The first failure of all is
 * the outcome.
 */
export const inOneJourney = async (sql: Sql, first: string, statements: Unsafe[]): Promise<Row[][]> => {
  const asked = statements.map(({ query, params, how }) => {
    const pending = statement(sql, { query, params, alone: false })
    return (how === 'values' ? pending.values() : pending) as unknown as Sendable
  })
  const ended = sql.unsafe('commit') as unknown as Sendable
  // Sent behind the first one, on its connection. Whoever waits for them does not send them once
  // more.
  const behind = [...asked, ended].map((each) => Object.assign(each, { executed: true }))
  for (const each of behind) each.catch(() => {})
  const onexecute = (wire: Wire) => {
    // Nobody else's until the transaction is over, when the driver takes it back by itself.
    wire.reserved = () => {}
    for (const each of behind) wire.execute(each)
    return false
  }
  await sql.unsafe(`begin; ${first}`, [], { onexecute } as object)
  const answers = await Promise.all(asked)
  await ended
  return answers
}

/**
 * A client that notes what is asked of it until `send`, which then asks all of it at once. Only
 * what is wanted before anything was answered can travel so: later on it refuses.
 */
export const collecting = (sql: Sql, send: (statements: Unsafe[]) => Promise<Row[][]>) => {
  const waiting: (Unsafe & { resolve: (rows: Row[]) => void; reject: (error: unknown) => void })[] = []
  let sent = false
  const ask = (query: string, params: unknown[], how: Unsafe['how']) =>
    new Promise<Row[]>((resolve, reject) => {
      if (sent) return reject(new Error('Asked after the journey had begun.'))
      waiting.push({ query, params, how, resolve, reject })
    })
  const depart = async () => {
    sent = true
    try {
      const answers = await send(waiting)
      for (const [n, { resolve }] of waiting.entries()) resolve(answers[n] ?? [])
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
  return { client: lazyClient(sql, ask), depart }
}

/** As the driver's own: a statement is asked when somebody waits for it. */
export const lazyClient = (
  sql: Sql,
  ask: (query: string, params: unknown[], how: Unsafe['how']) => Promise<Row[]>,
) => ({
  options: sql.options,
  unsafe: (query: string, params: unknown[]) => ({
    values: () => ask(query, params, 'values'),
    // biome-ignore lint/suspicious/noThenProperty: a query of `postgres` is awaited without a call, so this one is too
    then: (...then: Parameters<Promise<unknown>['then']>) => ask(query, params, 'objects').then(...then),
  }),
})
