import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { requirePatchedDriver } from './driver.ts'
import { pipelined } from './pipeline.ts'

declare const tenantScoped: unique symbol
type TenantScoped = { readonly [tenantScoped]: true }

/** Rows of one business only; made by `tenantDb`. */
export type Db = TenantScoped & { transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T> } & GlobalDb
/** A tenant-scoped transaction; every query function of a business takes a `Db` or a `Tx`. */
export type Tx = TenantScoped & GlobalTx

/** Rows of all businesses; `global-queries.test.ts` lists the functions that take one, and why. */
export type GlobalDb = PostgresJsDatabase
export type GlobalTx = Parameters<Parameters<GlobalDb['transaction']>[0]>[0]

export type Database = { db: GlobalDb; sql: postgres.Sql; close: () => Promise<void> }

type ConnectOptions = {
  max?: number
  /** The address is known to lead to Postgres itself, so a session may keep prepared statements. */
  direct?: boolean
  onWarning?: (message: string) => void
}

/**
 * A pool on `url`. Sessions run in UTC, so that `timestamptz` text always ends in `+00`. Sessions
 * keep no state, so that a transaction pooler works; only a direct address gets prepared
 * statements.
 */
export const connect = (url: string, options: ConnectOptions = {}): Database => {
  requirePatchedDriver()
  const sql = postgres(url, {
    max: options.max ?? 10,
    prepare: options.direct ?? false,
    idle_timeout: 60,
    backoff: secondsUntilRetry,
    connection: { TimeZone: 'UTC', application_name: 'sophiie' },
    onnotice: ({ severity, message }) => severity === 'WARNING' && options.onWarning?.(message ?? ''),
  })
  return { db: drizzle(pipelined(sql)), sql, close: () => sql.end({ timeout: 5 }) }
}

/** The driver counts failures over the whole pool; the cap finds a restarted database soon. */
const secondsUntilRetry = (failures: number): number => Math.min(2 ** failures / 50, 1) * (0.5 + Math.random() / 2)

const held = globalThis as typeof globalThis & { sophiieDatabase?: { url: string; database: Database } }

/** The pool of this process, kept over hot reloads; the first caller's `options` count. */
export const database = (url: string, options: Pick<ConnectOptions, 'direct'> = {}): Database => {
  if (held.sophiieDatabase?.url !== url) held.sophiieDatabase = { url, database: connect(url, options) }
  return held.sophiieDatabase.database
}
