import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema.ts'

export type Db = PostgresJsDatabase<typeof schema>
/** A transaction; every query function takes a `Db`, and a transaction is one. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export type Database = { db: Db; sql: postgres.Sql; close: () => Promise<void> }

type ConnectOptions = { max?: number; onWarning?: (message: string) => void }

/**
 * A pool on `url`. Sessions run in UTC, so that `timestamptz` text is always `…+00`. Nothing is kept in a session, named
 * statements neither, so that a transaction pooler may stand between.
 */
export const connect = (url: string, options: ConnectOptions = {}): Database => {
  const sql = postgres(url, {
    max: options.max ?? 10,
    prepare: false,
    idle_timeout: 60,
    connection: { TimeZone: 'UTC', application_name: 'sophiie' },
    onnotice: ({ severity, message }) => severity === 'WARNING' && options.onWarning?.(message ?? ''),
  })
  return { db: drizzle(sql, { schema }), sql, close: () => sql.end({ timeout: 5 }) }
}

const held = globalThis as typeof globalThis & { sophiieDatabase?: { url: string; database: Database } }

/** The pool of this process, made at first use and kept over hot reloads. */
export const database = (url: string): Database => {
  if (held.sophiieDatabase?.url !== url) held.sophiieDatabase = { url, database: connect(url) }
  return held.sophiieDatabase.database
}
