import path from 'node:path'
import { migrate as migrateDrizzle } from 'drizzle-orm/postgres-js/migrator'
import { runMigrations } from 'graphile-worker'
import { connect } from './client.ts'

const migrationsFolder = path.join(process.cwd(), 'db/migrations')

/** Brings the product's schema and the queue's schema up to date. Safe to run again and from several processes. */
export const migrate = async (databaseUrl: string): Promise<void> => {
  const { db, sql, close } = connect(databaseUrl, { max: 1 })
  try {
    await sql`select pg_advisory_lock(hashtext('sophiie-migrate'))`
    await migrateDrizzle(db, { migrationsFolder })
    await runMigrations({ connectionString: databaseUrl })
  } finally {
    await close()
  }
}
