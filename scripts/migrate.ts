import { isDriverPatched, unpatchedDriver } from '#db/driver.ts'
import { migrate } from '#db/migrate.ts'
import { parseEnv } from '#lib/env.ts'
import { CliError, run } from './process/cli-error.ts'
import { loadEnvFiles } from './process/required-env.ts'
import { step } from './process/steps.ts'

await run(async () => {
  if (!isDriverPatched()) throw new CliError(unpatchedDriver)
  const databaseUrl = requireDatabaseUrl()
  await step({ name: 'Migrations', work: () => migrate(databaseUrl) })
})

/**
 * Checks no other variable. Prefers the direct address, for migrations do not work through every
 * pooler.
 */
function requireDatabaseUrl(): string {
  loadEnvFiles()
  const parsed = parseEnv(process.env)
  const problem = parsed.ok ? undefined : parsed.problems.find((sentence) => sentence.startsWith('DATABASE_URL'))
  if (problem) throw new CliError(problem)
  return process.env.DATABASE_URL_UNPOOLED || (process.env.DATABASE_URL ?? '')
}
