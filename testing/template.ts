import path from 'node:path'
import postgres from 'postgres'
import { migrate } from '#db/migrate.ts'
import { filesBelow, hashFiles } from '../scripts/checks/sources.ts'
import { databaseUrl } from '../scripts/postgres/postgres.ts'
import { root } from '../scripts/process/root.ts'

/** Creates a migrated, empty database once per set of migrations. Returns its name. */
export async function ensureTemplate(serverUrl: string): Promise<string> {
  const name = `template_${await hashMigrations()}`
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  try {
    // Several test runs may start at once: one creates the template, the others wait here and find
    // it.
    await sql`select pg_advisory_lock(hashtext('test-template'))`
    const [found] = await sql`select datallowconn as unfinished from pg_database where datname = ${name}`
    if (found && !found.unfinished) return name
    if (found) await sql`drop database ${sql(name)} with (force)`
    await dropTemplates(sql)
    await sql`create database ${sql(name)}`
    await migrate(databaseUrl(serverUrl, name))
    // Postgres clones only a database without connections. This also marks the template as
    // finished.
    await sql`alter database ${sql(name)} with allow_connections false`
    return name
  } finally {
    await sql.end()
  }
}

/** Drops the templates of earlier migrations, unless a test run still has clones. */
async function dropTemplates(sql: postgres.Sql): Promise<void> {
  const names = await sql<{ name: string }[]>`select datname as name from pg_database`
  if (names.some(({ name }) => name.startsWith('clone_'))) return
  const old = names.filter(({ name }) => name.startsWith('template_'))
  for (const { name } of old) await sql`drop database ${sql(name)} with (force)`
}

async function hashMigrations(): Promise<string> {
  const migrations = await filesBelow(root, 'db/migrations')
  const queue = path.posix.join('node_modules', 'graphile-worker', 'package.json')
  return hashFiles(root, [...migrations, 'db/migrate.ts', queue])
}
