import path from 'node:path'
import { migrate as migrateDrizzle } from 'drizzle-orm/postgres-js/migrator'
import { runMigrations } from 'graphile-worker'
import { connect } from './client.ts'

const migrationsFolder = path.join(process.cwd(), 'db/migrations')

const toStderr = (message: string) => void process.stderr.write(`${message}\n`)

/**
 * Brings the schema, its row-level security (`tenant.ts`) and the queue's schema up to date. Safe
 * to run again, from several processes at once, and through a transaction pooler. `onWarning`:
 * about grants that only an administrator can give.
 */
export const migrate = async (databaseUrl: string, onWarning = toStderr): Promise<void> => {
  const { db, sql, close } = connect(databaseUrl, { max: 2, onWarning })
  try {
    await sql.begin(async (held) => {
      await held`select pg_advisory_xact_lock(hashtext('sophiie-migrate'))`
      await migrateDrizzle(db, { migrationsFolder })
      await sql`select apply_tenant_policies()`
      await runMigrations({ connectionString: databaseUrl, noPreparedStatements: true })
    })
  } finally {
    await close()
  }
}
