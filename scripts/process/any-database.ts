import { existsSync } from 'node:fs'
import { demoPostgres, ensureDatabase, startPostgres } from '../postgres/postgres.ts'
import { CliError } from './cli-error.ts'
import { loadEnvFiles } from './required-env.ts'

/**
 * Runs `work` with the address of DATABASE_URL, else of the demo's database, which is started if
 * the demo does not run.
 */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  loadEnvFiles()
  const given = process.env.DATABASE_URL
  if (given) return work(given)
  if (!existsSync(demoPostgres.folder))
    throw new CliError('There is no database: set DATABASE_URL, or run npm run demo first.')
  const server = await startPostgres(demoPostgres)
  try {
    return await work((await ensureDatabase(server.url, 'sophiie')).url)
  } finally {
    await server.stop()
  }
}
