import path from 'node:path'
import { connect } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { databaseUrl, ensureDatabase, startPostgres } from '../scripts/postgres/postgres.ts'
import { dataFolder } from '../scripts/process/root.ts'

/** The embedded, durable Postgres of the demo, with a new, migrated database. */
export const freshDatabase = async ({ folder, port }: { folder: string; port: number }) => {
  const server = await startPostgres({ folder: path.join(dataFolder, folder), port, throwaway: false })
  const admin = connect(server.url, { max: 1 })
  await admin.sql`drop database if exists bench with (force)`
  const [version] = await admin.sql`select split_part(version(), ' ', 2) as version`
  await admin.close()
  await ensureDatabase(server.url, 'bench')
  const url = databaseUrl(server.url, 'bench')
  await migrate(url)
  return { url, description: `Postgres ${version?.version}, embedded, durable`, stop: server.stop }
}
