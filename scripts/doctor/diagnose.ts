import type { Database } from '#db/client.ts'
import { type Env, parseEnv } from '#lib/env.ts'
import { checkMail, checkWebhook } from './connectivity.ts'
import * as database from './database.ts'
import { doubtful, type Finding, fine, wrong } from './finding.ts'
import { checkClient, checkGoogleClock, checkRedirects } from './google.ts'

type Say = (line: string) => void

/** Checks the configuration of this process from the variables to Google, says for each fault what to do, and counts them. */
export const diagnose = async (say: Say): Promise<number | 'no variables'> => {
  const findings: Finding[] = []
  const check: Check = async (name, work) => {
    const finding = await Promise.resolve().then(work).catch(broken)
    findings.push(finding)
    tell(say, name, finding)
    return finding.state !== 'wrong'
  }
  const parsed = parseEnv(process.env)
  if (!parsed.ok) {
    for (const problem of parsed.problems)
      tell(say, 'Variables', wrong(problem, 'docs/deploy.md tells where each value comes from.'))
    return 'no variables'
  }
  await checkAll(check, parsed.env)
  return findings.filter(({ state }) => state === 'wrong').length
}

const marks = { fine: 'ok      ', doubtful: 'doubtful', wrong: 'WRONG   ' }

const tell = (say: Say, name: string, { state, says, todo }: Finding) => {
  say(`${marks[state]}  ${name.padEnd(17)}${says}`)
  if (todo) say(`${' '.repeat(27)}→ ${todo}`)
}

/** Answers whether nothing is wrong there. */
type Check = (name: string, work: () => Finding | Promise<Finding>) => Promise<boolean>

/** A check that itself fails is a fault as well: its kind is told, never a message that may quote a secret. */
const broken = (error: unknown): Finding => {
  const { name: kind, code } = error as { name?: string; code?: string }
  return wrong(
    `This could not be checked (${code ?? kind}).`,
    'Put right what is wrong above, then try again.',
  )
}

const checkAll = async (check: Check, env: Env) => {
  await check('Variables', () => checkSecrets(env))
  const patched = await check('Driver', database.checkDriver)
  const reachable = await check('Database', () => database.checkDatabase(env.DATABASE_URL))
  if (patched && reachable) {
    const held = database.open(env.DATABASE_URL)
    await checkStored(check, held, env.DATABASE_URL)
    await held.close()
  }
  await check('Clock: Google', checkGoogleClock)
  await check('OAuth client', () => checkClient(env))
  await check('Redirects', () => checkRedirects(env))
  await check('Webhook', () => checkWebhook(env))
  await check('Mail', () => checkMail(env))
}

const checkSecrets = (env: Env): Finding => {
  const secrets = [env.NEXTAUTH_SECRET, env.CRON_SECRET, env.GOOGLE_CLIENT_SECRET]
  if (new Set(secrets).size < secrets.length)
    return doubtful(
      'One secret is used for two purposes.',
      'Make one of its own for each: openssl rand -base64 32',
    )
  if (new Set(env.TOKEN_ENCRYPTION_KEYS).size < env.TOKEN_ENCRYPTION_KEYS.length)
    return doubtful('TOKEN_ENCRYPTION_KEYS holds a key twice.', 'Remove one of the two.')
  return fine('All variables are there and well formed.')
}

const checkStored = async (check: Check, held: Database, url: string) => {
  await check('Extension', () => database.checkExtension(held))
  const migrated = await check('Migrations', () => database.checkMigrations(held))
  await check('Notifications', () => database.checkNotifications(url))
  await check('Clock: database', () => database.checkDatabaseClock(held))
  if (!migrated) return
  await check('Tenants', () => database.checkWall(held))
  await check('Scheduler', () => database.checkScheduler(held))
  await check('Stored tokens', () => database.checkKeys(held))
}
