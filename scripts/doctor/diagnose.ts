import type { Database } from '#db/client.ts'
import { type Env, parseEnv } from '#lib/env.ts'
import { checkMail, checkWebhook } from './connectivity.ts'
import * as database from './database.ts'
import { error, type Finding, ok, warning } from './finding.ts'
import { checkClient, checkGoogleClock, checkPermissions, checkRedirects } from './google.ts'

type Print = (line: string) => void

/**
 * Checks the configuration from the variables to Google, prints each result with its fix, and
 * counts the errors.
 */
export const diagnose = async (print: Print): Promise<number | 'no variables'> => {
  const findings: Finding[] = []
  const check: Check = async (name, work) => {
    const finding = await Promise.resolve().then(work).catch(failedCheck)
    findings.push(finding)
    printFinding(print, name, finding)
    return finding.state !== 'error'
  }
  const parsed = parseEnv(process.env)
  if (!parsed.ok) {
    for (const problem of parsed.problems)
      printFinding(print, 'Variables', error(problem, 'See docs/deploy.md for where each value comes from.'))
    return 'no variables'
  }
  await checkAll(check, parsed.env)
  return findings.filter(({ state }) => state === 'error').length
}

const labels = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' }

const printFinding = (print: Print, name: string, { state, message, fix }: Finding) => {
  print(`${labels[state]}  ${name.padEnd(17)}${message}`)
  if (fix) print(`${' '.repeat(26)}→ ${fix}`)
}

/** True unless the check found an error. */
type Check = (name: string, work: () => Finding | Promise<Finding>) => Promise<boolean>

/** Names the kind of failure only: its message may quote a secret. */
const failedCheck = (failure: unknown): Finding => {
  const { name: kind, code } = failure as { name?: string; code?: string }
  return error(`This could not be checked (${code ?? kind}).`, 'Fix the errors above, then try again.')
}

const checkAll = async (check: Check, env: Env) => {
  await check('Variables', () => checkSecrets(env))
  const patched = await check('Driver', database.checkDriver)
  const reachable = await check('Database', () => database.checkDatabase(env.DATABASE_URL))
  if (patched && reachable) {
    const connection = database.open(env.DATABASE_URL)
    await checkContents(check, connection, env.DATABASE_URL)
    await connection.close()
  }
  await check('Clock: Google', checkGoogleClock)
  await check('OAuth client', () => checkClient(env))
  const redirected = await check('Redirects', () => checkRedirects(env))
  if (redirected) await check('Permissions', () => checkPermissions(env))
  await check('Webhook', () => checkWebhook(env))
  await check('Mail', () => checkMail(env))
}

const checkSecrets = (env: Env): Finding => {
  const secrets = [env.NEXTAUTH_SECRET, env.CRON_SECRET, env.GOOGLE_CLIENT_SECRET]
  if (new Set(secrets).size < secrets.length)
    return warning('One secret is used for two purposes.', 'Use a separate secret for each: openssl rand -base64 32')
  if (new Set(env.TOKEN_ENCRYPTION_KEYS).size < env.TOKEN_ENCRYPTION_KEYS.length)
    return warning('TOKEN_ENCRYPTION_KEYS contains a key twice.', 'Remove one of the two.')
  return ok('All variables are set and well formed.')
}

const checkContents = async (check: Check, connection: Database, url: string) => {
  await check('Extension', () => database.checkExtension(connection))
  const migrated = await check('Migrations', () => database.checkMigrations(connection))
  await check('Notifications', () => database.checkNotifications(url))
  await check('Clock: database', () => database.checkDatabaseClock(connection))
  if (!migrated) return
  await check('Tenants', () => database.checkTenantScope(connection))
  await check('Scheduler', () => database.checkScheduler(connection))
  await check('Stored tokens', () => database.checkKeys(connection))
}
