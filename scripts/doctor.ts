import type { Database } from '#db/client.ts'
import { type Env, parseEnv } from '#lib/env.ts'
import * as database from './doctor-database.ts'
import { doubtful, type Finding, fine, wrong } from './doctor-finding.ts'
import { checkClient, checkGoogleClock, checkRedirects } from './doctor-google.ts'
import { checkMail, checkWebhook } from './doctor-reach.ts'
import { Refusal, run } from './refusal.ts'
import { loadEnvFiles } from './required-env.ts'

// Checks a configuration from the variables to Google, and says for each fault what to do about it.

let faults = 0

const marks = { fine: 'ok      ', doubtful: 'doubtful', wrong: 'WRONG   ' }

const tell = (name: string, { state, says, todo }: Finding) => {
  console.log(`${marks[state]}  ${name.padEnd(14)}${says}`)
  if (todo) console.log(`${' '.repeat(24)}→ ${todo}`)
  if (state === 'wrong') faults++
  return state !== 'wrong'
}

/** A check that itself fails is a fault as well: its kind is told, never a message that may quote a secret. */
const check = async (name: string, work: () => Finding | Promise<Finding>): Promise<boolean> => {
  const broken = (error: unknown) => {
    const { name: kind, code } = error as { name?: string; code?: string }
    return wrong(
      `This could not be checked (${code ?? kind}).`,
      'Put right what is wrong above, then try again.',
    )
  }
  return tell(name, await Promise.resolve().then(work).catch(broken))
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

const checkStored = async (held: Database, url: string) => {
  await check('Extension', () => database.checkExtension(held))
  const migrated = await check('Migrations', () => database.checkMigrations(held))
  await check('Notifications', () => database.checkNotifications(url))
  await check('Clock', () => database.checkDatabaseClock(held))
  if (!migrated) return
  await check('Tenants', () => database.checkWall(held))
  await check('Scheduler', () => database.checkScheduler(held))
  await check('Stored tokens', () => database.checkKeys(held))
}

await run(async () => {
  loadEnvFiles()
  const parsed = parseEnv(process.env)
  if (!parsed.ok) {
    for (const problem of parsed.problems)
      tell('Variables', wrong(problem, 'docs/deploy.md tells where each value comes from.'))
    throw new Refusal('\nThe other checks need the variables: put them right first.')
  }
  const { env } = parsed
  await check('Variables', () => checkSecrets(env))
  if (await check('Database', () => database.checkDatabase(env.DATABASE_URL))) {
    const held = database.open(env.DATABASE_URL)
    await checkStored(held, env.DATABASE_URL)
    await held.close()
  }
  await check('Clock', checkGoogleClock)
  await check('OAuth client', () => checkClient(env))
  await check('Redirects', () => checkRedirects(env))
  await check('Webhook', () => checkWebhook(env))
  await check('Mail', () => checkMail(env))
  if (faults > 0) throw new Refusal(`\n${faults} ${faults === 1 ? 'thing is' : 'things are'} wrong.`)
  console.log('\nNothing is wrong.')
})
