import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { clientOf } from './pipeline.ts'
import * as schema from './schema.ts'

declare const tenantScoped: unique symbol
type TenantScoped = { readonly [tenantScoped]: true }

/** Rows of one business alone; only `wall.ts` makes one. */
export type Db = TenantScoped & { transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T> } & GlobalDb
/** A transaction behind the wall; every query function of a business takes a `Db` or a `Tx`. */
export type Tx = TenantScoped & GlobalTx

/** Rows of every business. Which functions take one, and why, is listed in `wall-list.test.ts`. */
export type GlobalDb = PostgresJsDatabase<typeof schema>
export type GlobalTx = Parameters<Parameters<GlobalDb['transaction']>[0]>[0]

export type Database = { db: GlobalDb; sql: postgres.Sql; close: () => Promise<void> }

type ConnectOptions = {
  max?: number
  /**
   * The address is known to lead to Postgres itself: a session may remember how it does what it is
   * asked again and again.
   */
  direct?: boolean
  onWarning?: (message: string) => void
}

/**
 * A pool on `url`. Sessions run in UTC, so that `timestamptz` text is always `…+00`. Nothing is
 * kept in a session, named statements neither, so that a transaction pooler may stand between;
 * unless the address is direct, where plans are kept.
 */
export const connect = (url: string, options: ConnectOptions = {}): Database => {
  const sql = postgres(url, {
    max: options.max ?? 10,
    prepare: options.direct ?? false,
    types: asText,
    idle_timeout: 60,
    backoff: secondsUntilRetry,
    connection: { TimeZone: 'UTC', application_name: 'sophiie' },
    onnotice: ({ severity, message }) => severity === 'WARNING' && options.onWarning?.(message ?? ''),
  })
  return { db: drizzle(clientOf(sql), { schema }), sql, close: () => sql.end({ timeout: 5 }) }
}

/**
 * Values come as text (`journeys.ts`); once the driver has learned the type of one, it would write
 * it a second time.
 */
const asText = {
  boolean: {
    to: 16,
    from: [16],
    serialize: (value: unknown) => (typeof value === 'string' ? value : value === true ? 't' : 'f'),
    parse: (text: string) => text === 't',
  },
  bytea: {
    to: 17,
    from: [17],
    serialize: (value: string | Uint8Array) =>
      typeof value === 'string' ? value : `\\x${Buffer.from(value).toString('hex')}`,
    parse: (text: string) => Buffer.from(text.slice(2), 'hex'),
  },
}

/**
 * All connections of a pool count together, and a database that is back must not find everybody
 * asleep for long.
 */
const secondsUntilRetry = (failures: number): number =>
  Math.min(2 ** failures / 50, 1) * (0.5 + Math.random() / 2)

const held = globalThis as typeof globalThis & { sophiieDatabase?: { url: string; database: Database } }

/**
 * The pool of this process, made at first use and kept over hot reloads; `options` are the first
 * user's.
 */
export const database = (url: string, options: Pick<ConnectOptions, 'direct'> = {}): Database => {
  if (held.sophiieDatabase?.url !== url) held.sophiieDatabase = { url, database: connect(url, options) }
  return held.sophiieDatabase.database
}
