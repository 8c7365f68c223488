import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'
import { connect, type Database } from '#db/client.ts'
import { isDriverPatched } from '#db/driver.ts'
import { readFleet, readSchedulerAge } from '#db/queries/operations.ts'
import { sessionDatabaseUrl } from '#lib/env.ts'
import { checkSeals } from '#lib/google/rotate-keys.ts'
import { root } from '../process/root.ts'
import { error, type Finding, ok, timeoutMs, warning } from './finding.ts'

const oldestPostgres = 15

const reasonByCode: Record<string, string> = {
  ECONNREFUSED: 'connection refused: start Postgres, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'the host of DATABASE_URL is unknown: correct it.',
  CONNECT_TIMEOUT: 'no answer: check host, port and firewall.',
  '28P01': 'the password is refused: correct DATABASE_URL.',
  '28000': 'the account is refused: correct DATABASE_URL, or allow the account in pg_hba.conf.',
  '3D000': 'there is no such database: create it, or correct the name in DATABASE_URL.',
}

export const checkDriver = (): Finding =>
  isDriverPatched()
    ? ok('The postgres driver is patched.')
    : error(
        'The postgres driver is not patched, so a lost connection can end the process.',
        'Run npx patch-package, then npm run build.',
      )

export const checkDatabase = async (url: string): Promise<Finding> => {
  const sql = postgres(url, { max: 1, connect_timeout: timeoutMs / 1000, prepare: false, onnotice: () => {} })
  try {
    const [row] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`
    const version = Math.floor((row?.version ?? 0) / 10_000)
    if (version >= oldestPostgres) return ok(`Postgres ${version} answers.`)
    return error(`Postgres ${version} is too old.`, `Use Postgres ${oldestPostgres} or later.`)
  } catch (failure) {
    const code = String((failure as { code?: unknown }).code)
    return error('The database cannot be used.', `DATABASE_URL: ${reasonByCode[code] ?? `it fails with ${code}.`}`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export const checkExtension = async ({ sql }: Database): Promise<Finding> => {
  const found = await sql`select 1 from pg_extension where extname = 'btree_gist'`
  if (found.length > 0) return ok('The extension btree_gist is installed.')
  return error(
    'The extension btree_gist is missing; without it the database cannot refuse overlapping bookings.',
    'As a superuser run: create extension btree_gist; (managed databases have a setting for it). Then npm run db:migrate.',
  )
}

export const checkMigrations = async ({ sql }: Database): Promise<Finding> => {
  const fix = 'Run npm run db:migrate.'
  const journal = JSON.parse(await readFile(path.join(root, 'db/migrations/meta/_journal.json'), 'utf8'))
  const wanted: number = journal.entries.length
  const [there] = await sql<{ own: boolean; queue: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as own,
      to_regclass('graphile_worker.migrations') is not null as queue`
  if (!there?.own) return error('The database is empty: no migration has run.', fix)
  if (!there.queue) return error('The job queue has no tables.', fix)
  const [row] = await sql<{ applied: number }[]>`select count(*)::int as applied from drizzle.__drizzle_migrations`
  const applied = row?.applied ?? 0
  if (applied < wanted) return error(`${wanted - applied} of ${wanted} migrations have not run.`, fix)
  if (applied > wanted)
    return warning(
      'The database is newer than this version of the product.',
      'Deploy the newer version here too. The version before it still works.',
    )
  return ok(`All ${wanted} migrations have run.`)
}

type TenantRole = { role: string; exempt: boolean; account: string; privileged: boolean; owns: boolean }

/** Enters a business that does not exist, as statements of a business do, and reads the role. */
const enterTenantScope = ({ sql }: Pick<Database, 'sql'>): Promise<TenantRole | undefined> =>
  sql.begin(async (tx) => {
    await tx`select enter_business(gen_random_uuid())`
    const [entered] = await tx<TenantRole[]>`
      select r.rolname as role, r.rolsuper or r.rolbypassrls as exempt,
        a.rolname as account, a.rolsuper or a.rolbypassrls as privileged,
        pg_has_role(session_user, (select relowner from pg_class where oid = 'businesses'::regclass), 'USAGE') as owns
      from pg_roles r, pg_roles a where r.rolname = current_user and a.rolname = session_user`
    return entered
  })

/** Row-level security between businesses: `docs/decisions/030-row-level-security.md`. */
export const checkTenantScope = async (database: Pick<Database, 'sql'>): Promise<Finding> => {
  const entered = await enterTenantScope(database)
  if (!entered) return error('The role of the account could not be read.', 'Correct the account in DATABASE_URL.')
  const { account, role } = entered
  if (role !== 'sophiie_business')
    return error(
      `Row-level security is not in force: the account ${account} may not enter the role sophiie_business, so one wrong query could show one business to another.`,
      `As an administrator run: create role sophiie_business nologin noinherit; (unless it exists) grant sophiie_business to "${account}"; then npm run db:migrate.`,
    )
  if (entered.exempt)
    return error(
      'Row-level security is not in force: the role sophiie_business is exempt from it.',
      'As an administrator run: alter role sophiie_business nosuperuser nobypassrls; then npm run db:migrate.',
    )
  if (!entered.owns)
    return error(
      `The account ${account} does not own the tables, so it finds no users and no calendars that are due.`,
      'Use the account that migrates, or give it the tables: reassign owned by … to …;',
    )
  if (entered.privileged)
    return warning(
      `Row-level security is in force, but the account ${account} is exempt from it outside of a business (it is a superuser, or has BYPASSRLS).`,
      'Use a separate account that owns the database and has neither right.',
    )
  return ok('Row-level security is in force.')
}

/** A transaction pooler drops notifications, so pages show changes late. */
export const checkNotifications = async (url: string): Promise<Finding> => {
  const listener = postgres(sessionDatabaseUrl(), { max: 1, prepare: false, onnotice: () => {} })
  const notifier = postgres(url, { max: 1, prepare: false, onnotice: () => {} })
  try {
    const payload = randomUUID()
    const arrived = new Promise<boolean>((resolve) => {
      setTimeout(resolve, 2000, false)
      const listening = listener.listen('sophiie_doctor', (text) => text === payload && resolve(true))
      listening.then(() => notifier.notify('sophiie_doctor', payload)).catch(() => resolve(false))
    })
    if (await arrived) return ok('Database notifications arrive.')
    return warning(
      'Database notifications do not arrive: open pages show changes up to five seconds late.',
      'DATABASE_URL goes through a transaction pooler: set DATABASE_URL_UNPOOLED to the direct address.',
    )
  } finally {
    await Promise.all([listener.end({ timeout: 1 }), notifier.end({ timeout: 1 })])
  }
}

const lateSeconds = 26 * 60 * 60
const slowSeconds = 5 * 60

export const checkScheduler = async ({ db }: Database): Promise<Finding> => {
  const age = await readSchedulerAge(db)
  const { lagSeconds, calendars } = await readFleet(db)
  const fix =
    'Call GET /api/cron/sync with "Authorization: Bearer $CRON_SECRET" from a scheduler (best every minute, at least once a day), or run npm run worker.'
  if (age === null) return error('The scheduler has never run.', fix)
  if (age > lateSeconds) return error(`The scheduler last ran ${Math.round(age / 3600)} hours ago.`, fix)
  if (calendars > 0 && lagSeconds > lateSeconds)
    return error(
      `A calendar has not been synced for ${Math.round(lagSeconds / 3600)} hours.`,
      'npm run status shows why; docs/operate.md says what to do for each kind of failure.',
    )
  if (age > slowSeconds) return warning(`The scheduler last ran ${Math.round(age / 60)} minutes ago.`, fix)
  return ok(`The scheduler ran ${age} seconds ago.`)
}

export const checkKeys = async ({ db }: Database): Promise<Finding> => {
  const { current, old, unreadable } = await checkSeals(db, { reseal: false })
  if (unreadable > 0)
    return error(
      `${unreadable} stored tokens cannot be decrypted with any of TOKEN_ENCRYPTION_KEYS.`,
      'Add the key that encrypted them after the first one (comma-separated), or have those owners reconnect Google.',
    )
  if (old > 0) return warning(`${old} stored tokens are encrypted with an older key.`, 'Run npm run keys:rotate.')
  return ok(`All ${current} stored tokens are encrypted with the first key.`)
}

const skewSeconds = { warning: 5, error: 60 }

export const skewFinding = (whose: string, offsetMs: number): Finding => {
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  const message = `The clock here and ${whose} differ by ${seconds} seconds.`
  const fix = 'Turn on NTP on both machines (timedatectl set-ntp true).'
  if (seconds >= skewSeconds.error) return error(message, fix)
  return seconds >= skewSeconds.warning ? warning(message, fix) : ok(`The clock agrees with ${whose}.`)
}

export const checkDatabaseClock = async ({ sql }: Database): Promise<Finding> => {
  const before = Date.now()
  const [row] = await sql<{ now: string }[]>`select extract(epoch from clock_timestamp()) * 1000 as now`
  return skewFinding("the database's", Number(row?.now) - (before + Date.now()) / 2)
}

export const open = (url: string): Database => connect(url, { max: 2 })
