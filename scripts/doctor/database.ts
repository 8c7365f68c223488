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
import { doubtful, type Finding, fine, limitMs, wrong } from './finding.ts'

const oldestPostgres = 15

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: start Postgres, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'the host of DATABASE_URL is not known: correct it.',
  CONNECT_TIMEOUT: 'nothing answers there: look at host, port and firewall.',
  '28P01': 'the password is refused: correct DATABASE_URL.',
  '28000': 'the account is refused: correct DATABASE_URL, or allow the account in pg_hba.conf.',
  '3D000': 'there is no such database: create it, or correct the name in DATABASE_URL.',
}

export const checkDriver = (): Finding =>
  isDriverPatched()
    ? fine('The postgres driver is patched.')
    : wrong(
        'The postgres driver is not patched, so a lost connection can end the process.',
        'Run npx patch-package, then npm run build.',
      )

export const checkDatabase = async (url: string): Promise<Finding> => {
  const sql = postgres(url, { max: 1, connect_timeout: limitMs / 1000, prepare: false, onnotice: () => {} })
  try {
    const [row] = await sql<
      { version: number }[]
    >`select current_setting('server_version_num')::int as version`
    const version = Math.floor((row?.version ?? 0) / 10_000)
    if (version >= oldestPostgres) return fine(`Postgres ${version} answers.`)
    return wrong(`Postgres ${version} is too old.`, `Use Postgres ${oldestPostgres} or later.`)
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    return wrong('The database cannot be used.', `DATABASE_URL: ${reasons[code] ?? `it fails with ${code}.`}`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export const checkExtension = async ({ sql }: Database): Promise<Finding> => {
  const found = await sql`select 1 from pg_extension where extname = 'btree_gist'`
  if (found.length > 0) return fine('The extension btree_gist is there.')
  return wrong(
    'The extension btree_gist is missing; without it nothing keeps bookings from overlapping.',
    'As a superuser run: create extension btree_gist; (managed databases have a switch for it). Then npm run db:migrate.',
  )
}

export const checkMigrations = async ({ sql }: Database): Promise<Finding> => {
  const todo = 'Run npm run db:migrate.'
  const journal = JSON.parse(await readFile(path.join(root, 'db/migrations/meta/_journal.json'), 'utf8'))
  const wanted: number = journal.entries.length
  const [there] = await sql<{ own: boolean; queue: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as own,
      to_regclass('graphile_worker.migrations') is not null as queue`
  if (!there?.own) return wrong('The database is empty: no migration has run.', todo)
  if (!there.queue) return wrong('The queue has no tables.', todo)
  const [row] = await sql<
    { applied: number }[]
  >`select count(*)::int as applied from drizzle.__drizzle_migrations`
  const applied = row?.applied ?? 0
  if (applied < wanted) return wrong(`${wanted - applied} of ${wanted} migrations have not run.`, todo)
  if (applied > wanted)
    return doubtful(
      'The database is newer than this version of the product.',
      'Deploy the newer version here too; one version back still works meanwhile.',
    )
  return fine(`All ${wanted} migrations have run.`)
}

type Entered = { role: string; exempt: boolean; account: string; mighty: boolean; owns: boolean }

/** Enters a business that nobody has, as every statement of a business enters one, and looks who it is then. */
const enterNowhere = ({ sql }: Pick<Database, 'sql'>): Promise<Entered | undefined> =>
  sql.begin(async (tx) => {
    await tx`select enter_business(gen_random_uuid())`
    const [entered] = await tx<Entered[]>`
      select r.rolname as role, r.rolsuper or r.rolbypassrls as exempt,
        a.rolname as account, a.rolsuper or a.rolbypassrls as mighty,
        pg_has_role(session_user, (select relowner from pg_class where oid = 'businesses'::regclass), 'USAGE') as owns
      from pg_roles r, pg_roles a where r.rolname = current_user and a.rolname = session_user`
    return entered
  })

/** The second wall between businesses: `docs/decisions/030-row-level-security.md`. */
export const checkWall = async (held: Pick<Database, 'sql'>): Promise<Finding> => {
  const entered = await enterNowhere(held)
  if (!entered) return wrong('Who the account is could not be read.', 'Correct the account in DATABASE_URL.')
  const { account, role } = entered
  if (role !== 'sophiie_business')
    return wrong(
      `Row-level security is not in force: the account ${account} may not enter the role sophiie_business, so one wrong query could show one business to another.`,
      `As an administrator run: create role sophiie_business nologin noinherit; (unless it is there) grant sophiie_business to "${account}"; then npm run db:migrate.`,
    )
  if (entered.exempt)
    return wrong(
      'Row-level security is not in force: the role sophiie_business is exempt from it.',
      'As an administrator run: alter role sophiie_business nosuperuser nobypassrls; then npm run db:migrate.',
    )
  if (!entered.owns)
    return wrong(
      `The account ${account} does not own the tables, so it finds nobody who signs in and nothing that is due.`,
      'Use the account that migrates, or make the tables its own: reassign owned by … to …;',
    )
  if (entered.mighty)
    return doubtful(
      `Row-level security is in force, and the account ${account} is exempt from it wherever it enters no business (it is a superuser, or has BYPASSRLS).`,
      'Give the product an account of its own that owns its database and is neither.',
    )
  return fine('Row-level security is in force.')
}

/** A transaction pooler swallows notifications; what is committed is then seen late. */
export const checkNotifications = async (url: string): Promise<Finding> => {
  const listener = postgres(sessionDatabaseUrl(), { max: 1, prepare: false, onnotice: () => {} })
  const speaker = postgres(url, { max: 1, prepare: false, onnotice: () => {} })
  try {
    const word = randomUUID()
    const heard = new Promise<boolean>((resolve) => {
      setTimeout(resolve, 2000, false)
      const listening = listener.listen('sophiie_doctor', (said) => said === word && resolve(true))
      listening.then(() => speaker.notify('sophiie_doctor', word)).catch(() => resolve(false))
    })
    if (await heard) return fine('Notifications of the database arrive.')
    return doubtful(
      'Notifications of the database do not arrive: open pages learn of changes up to five seconds late.',
      'DATABASE_URL leads through a transaction pooler: set DATABASE_URL_UNPOOLED to the direct address.',
    )
  } finally {
    await Promise.all([listener.end({ timeout: 1 }), speaker.end({ timeout: 1 })])
  }
}

const lateSeconds = 26 * 60 * 60
const slowSeconds = 5 * 60

export const checkScheduler = async ({ db }: Database): Promise<Finding> => {
  const age = await readSchedulerAge(db)
  const { lagSeconds, connections } = await readFleet(db)
  const todo =
    'Have a scheduler call GET /api/cron/sync with "Authorization: Bearer $CRON_SECRET" (each minute is best, once a day the least), or run npm run worker.'
  if (age === null) return wrong('Nobody has ever looked for what is due.', todo)
  if (age > lateSeconds) return wrong(`The scheduler last ran ${Math.round(age / 3600)} hours ago.`, todo)
  if (connections > 0 && lagSeconds > lateSeconds)
    return wrong(
      `A connection has not been in step for ${Math.round(lagSeconds / 3600)} hours.`,
      'npm run status tells why; docs/operate.md what to do for each kind.',
    )
  if (age > slowSeconds) return doubtful(`The scheduler last ran ${Math.round(age / 60)} minutes ago.`, todo)
  return fine(`The scheduler ran ${age} seconds ago.`)
}

export const checkKeys = async ({ db }: Database): Promise<Finding> => {
  const { current, old, unreadable } = await checkSeals(db, { reseal: false })
  if (unreadable > 0)
    return wrong(
      `${unreadable} stored tokens open with none of TOKEN_ENCRYPTION_KEYS.`,
      'Put back the key that sealed them (comma-separated, after the first), or have those owners reconnect Google.',
    )
  if (old > 0)
    return doubtful(`${old} stored tokens are sealed with an older key.`, 'Run npm run keys:reseal.')
  return fine(`All ${current} stored tokens open with the first key.`)
}

const skewSeconds = { doubtful: 5, wrong: 60 }

export const skewFinding = (whose: string, offsetMs: number): Finding => {
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  const says = `The clock here and ${whose} differ by ${seconds} seconds.`
  const todo = 'Let both machines set their clocks by NTP (timedatectl set-ntp true).'
  if (seconds >= skewSeconds.wrong) return wrong(says, todo)
  return seconds >= skewSeconds.doubtful ? doubtful(says, todo) : fine(`The clock agrees with ${whose}.`)
}

export const checkDatabaseClock = async ({ sql }: Database): Promise<Finding> => {
  const before = Date.now()
  const [row] = await sql<{ now: string }[]>`select extract(epoch from clock_timestamp()) * 1000 as now`
  return skewFinding("the database's", Number(row?.now) - (before + Date.now()) / 2)
}

export const open = (url: string): Database => connect(url, { max: 2 })
