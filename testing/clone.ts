import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { databaseUrl } from '../scripts/postgres/postgres.ts'

export type TestServer = { url: string; template: string }

export type Clone = { url: string; drop(): Promise<void> }

/** A new database, empty and migrated like the template. */
export async function cloneDatabase({ url, template }: TestServer): Promise<Clone> {
  const name = `clone_${process.pid}_${randomBytes(4).toString('hex')}`
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`create database ${sql(name)} template ${sql(template)}`
  const drop = async () => {
    // Without force Postgres waits up to five seconds for closing connections. Cutting them at once
    // would report errors after the test.
    await sql`drop database if exists ${sql(name)}`.catch(() => sql`drop database if exists ${sql(name)} with (force)`)
    await sql.end()
  }
  return { url: databaseUrl(url, name), drop }
}

/** Drops the databases that killed test runs left. */
export async function dropOrphans(serverUrl: string, isAlive: (pid: number) => boolean): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  const clones = await sql<{ name: string }[]>`select datname as name from pg_database where datname like 'clone\\_%'`
  const orphans = clones.filter(({ name }) => !isAlive(Number(name.split('_')[1])))
  for (const { name } of orphans) await sql`drop database if exists ${sql(name)} with (force)`
  await sql.end()
}
