import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { Sql, TransactionSql } from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { startGoogle } from '../../emulator/server.ts'
import { control } from '../../emulator/testing.ts'
import { redirectUris } from '../process/product-env.ts'
import { root } from '../process/root.ts'
import { checkTenantScope } from './database.ts'

// Some tests start a process.
vi.setConfig({ testTimeout: 60_000 })

const database = ownDatabase()
const client = { id: 'doctor.apps.example', secret: 'the secret of the client', project: 'doctor' }
const key = Buffer.alloc(32, 7).toString('base64')

/** Owns the tables through membership in their owner, and is no superuser. */
const account = `doctor_${randomBytes(4).toString('hex')}`
let google: Awaited<ReturnType<typeof startGoogle>>
let server: http.Server
let validEnv: Record<string, string>

const listen = async (made: http.Server | net.Server) => {
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return (made.address() as AddressInfo).port
}

beforeAll(async () => {
  // Stands for the product: only its webhook is called.
  server = http.createServer((request, response) => {
    response.writeHead(request.url === '/api/google/webhook' && request.method === 'POST' ? 200 : 404).end()
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  google = await startGoogle({
    clients: [{ ...client, redirectUris: redirectUris(origin), publishing: 'production', testUsers: [] }],
  })
  await database.sql.unsafe(
    `create role ${account} login password 'p'; grant ${database.sql.options.user} to ${account}`,
  )
  const url = new URL(database.url)
  Object.assign(url, { username: account, password: 'p' })
  validEnv = {
    DATABASE_URL: url.href,
    NEXTAUTH_URL: origin,
    NEXTAUTH_SECRET: 'a secret for sessions only',
    GOOGLE_CLIENT_ID: client.id,
    GOOGLE_CLIENT_SECRET: client.secret,
    GOOGLE_BASE_URL: google.url,
    TOKEN_ENCRYPTION_KEYS: key,
    CRON_SECRET: 'a secret for the scheduler only',
    DATABASE_URL_UNPOOLED: '',
    SMTP_URL: '',
    EMAIL_FROM: '',
    WEBHOOK_URL: '',
    VERCEL: '',
  }
  await database.sql`insert into scheduler_runs (last_run_at) values (now())`
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

afterAll(async () => {
  await database.sql.unsafe(`drop role ${account}`)
  await google.stop()
  server.close()
})

type Diagnosis = { code: number; text: string }

/**
 * Like the command, but in this process; modules are loaded again because they parse the
 * environment once.
 */
const diagnose = async (change: Record<string, string> = {}): Promise<Diagnosis> => {
  for (const [name, value] of Object.entries({ ...validEnv, ...change })) vi.stubEnv(name, value)
  vi.resetModules()
  const doctor = await import('./diagnose.ts')
  const lines: string[] = []
  const errors = await doctor.diagnose((line) => lines.push(line))
  return { code: errors === 0 ? 0 : 1, text: lines.join('\n') }
}

/** The command itself. */
const run = (change: Record<string, string> = {}) =>
  new Promise<Diagnosis>((resolve) => {
    const env = { ...process.env, ...validEnv, ...change }
    execFile(
      process.execPath,
      ['--import', './scripts/process/node-24.js', 'scripts/doctor.ts'],
      { env, cwd: root },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, text: out + err }),
    )
  })

const expectError = async (change: Record<string, string>, ...patterns: RegExp[]) => {
  expectErrorIn(await diagnose(change), ...patterns)
}

const expectErrorIn = ({ code, text }: Diagnosis, ...patterns: RegExp[]) => {
  expect(text).toMatch(/ERROR/)
  for (const each of patterns) expect(text).toMatch(each)
  expect(code).toBe(1)
}

test('a valid configuration has no problems', async () => {
  const { code, text } = await run()
  expect(text).toMatch(/No problems found\.\n$/)
  expect(text).not.toMatch(/warning|ERROR/)
  expect(code).toBe(0)
  const names = text.split('\n').flatMap((line) => (line.startsWith('ok') ? line.slice(9, 26).trim() : []))
  expect(names.length).toBeGreaterThan(10)
  expect(new Set(names).size).toBe(names.length)
})

test('variables: missing and malformed', async () => {
  expectErrorIn(
    await run({ CRON_SECRET: '', TOKEN_ENCRYPTION_KEYS: 'short' }),
    /CRON_SECRET is missing/,
    /TOKEN_ENCRYPTION_KEYS is malformed/,
  )
})

test('variables: one secret for two purposes', async () => {
  const { text } = await diagnose({ CRON_SECRET: validEnv.NEXTAUTH_SECRET ?? '' })
  expect(text).toMatch(/warning {2}Variables .*two purposes/)
})

test('database: connection refused, a wrong password, no such database', async () => {
  await expectError({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, /connection refused/)
  const url = new URL(database.url)
  url.password = 'wrong'
  await expectError({ DATABASE_URL: url.href }, /the password is refused/)
  await expectError({ DATABASE_URL: `${database.url}_missing` }, /no such database/)
})

test('migrations: some have not run; the database is ahead', async () => {
  const [last] = await database.sql`
    delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning *`
  await expectError({}, /1 of \d+ migrations have not run/, /npm run db:migrate/)
  const row = { hash: last?.hash, created_at: last?.created_at }
  await database.sql`insert into drizzle.__drizzle_migrations ${database.sql([row, row])}`
  expect((await diagnose()).text).toMatch(/warning {2}Migrations .*newer/)
  await database.sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`
})

test('extension: btree_gist is missing', async () => {
  await database.sql`update pg_extension set extname = 'hidden' where extname = 'btree_gist'`
  await expectError({}, /btree_gist is missing/, /create extension btree_gist/)
  await database.sql`update pg_extension set extname = 'btree_gist' where extname = 'hidden'`
})

test('tenants: a superuser; an account without the role; an account that owns no table', async () => {
  const { sql } = database
  expect((await diagnose({ DATABASE_URL: database.url })).text).toMatch(
    /warning {2}Tenants .*superuser, or has BYPASSRLS/,
  )
  const name = `${account}_2`
  await sql.unsafe(`create role ${name} login password 'p'`)
  const url = new URL(database.url)
  const connection = connect(Object.assign(url, { username: name, password: 'p' }).href, { max: 1 })
  try {
    expect(await checkTenantScope(connection)).toMatchObject({
      state: 'error',
      message: expect.stringContaining('may not enter the role'),
      fix: expect.stringContaining(`grant sophiie_business to "${name}"`),
    })
    await sql.unsafe(`grant sophiie_business to ${name}`)
    expect(await checkTenantScope(connection)).toMatchObject({
      state: 'error',
      message: expect.stringContaining('does not own the tables'),
    })
  } finally {
    await connection.close()
    await sql.unsafe(`drop role ${name}`)
  }
})

test('tenants: a role that is exempt', async () => {
  // Roles are shared by all databases of the server, so the change is rolled back.
  const rolledBack = database.sql.begin(async (tx) => {
    await tx`alter role sophiie_business bypassrls`
    const begin = (work: (tx: TransactionSql) => Promise<unknown>) => work(tx)
    throw await checkTenantScope({ sql: { begin } as unknown as Sql })
  })
  await expect(rolledBack).rejects.toMatchObject({
    state: 'error',
    message: expect.stringContaining('is exempt'),
    fix: expect.stringContaining('alter role sophiie_business'),
  })
})

test('notifications: they do not arrive', async () => {
  const { code, text } = await diagnose({ DATABASE_URL_UNPOOLED: database.url.replace(/[^/]+$/, 'postgres') })
  expect(text).toMatch(/warning {2}Notifications .*five seconds late/)
  expect(code).toBe(0)
})

test('clock: two minutes away from Google', async () => {
  await control(google.url, 'clock', { body: { advanceSeconds: 120 } })
  await expectError({}, /clock here and Google's differ by 1(19|20|21) seconds/, /NTP/)
  await control(google.url, 'clock', { body: { advanceSeconds: -120 } })
})

test('clock: two minutes away from the database', async () => {
  // The search path of the product's account finds this function before the one of Postgres.
  await database.sql.unsafe(`
    create schema skewed; grant usage on schema skewed to ${account};
    create function skewed.clock_timestamp() returns timestamptz volatile language sql
      return pg_catalog.clock_timestamp() + interval '2 minutes';
    alter role ${account} set search_path = skewed, pg_catalog, public`)
  await expectError({}, /clock here and the database's differ by 1(19|20|21) seconds/, /NTP/)
  await database.sql.unsafe(`alter role ${account} reset search_path; drop schema skewed cascade`)
})

test('OAuth client: a wrong secret, an unknown id', async () => {
  await expectError({ GOOGLE_CLIENT_SECRET: 'an old secret' }, /ERROR {4}OAuth client/)
  await expectError({ GOOGLE_CLIENT_ID: 'unknown.apps.example' }, /ERROR {4}OAuth client/)
})

test('redirects: an address that the client does not list', async () => {
  const oneRedirect = { ...client, redirectUris: redirectUris(validEnv.NEXTAUTH_URL ?? '').slice(0, 1) }
  await control(google.url, 'clients', { body: oneRedirect })
  await expectError({}, /does not accept http:\/\/127\.0\.0\.1:\d+\/api\/google\/callback\./)
  await control(google.url, 'clients', {
    body: { ...client, redirectUris: redirectUris(validEnv.NEXTAUTH_URL ?? '') },
  })
})

test('permissions: those of members are refused', async () => {
  const real = fetch
  vi.stubGlobal('fetch', (url: string | URL, init?: RequestInit) =>
    String(url).includes('calendar.events.readonly')
      ? Promise.resolve(new Response('invalid_scope', { status: 400 }))
      : real(url, init),
  )
  await expectError({}, /ok +Redirects/, /ERROR {4}Permissions .* permissions to read a member's own calendars/)
})

test('Google: cannot be reached', async () => {
  await expectError({ GOOGLE_BASE_URL: 'http://127.0.0.1:1' }, /Google cannot be reached from here/)
})

test('webhook: connection refused; another server answers', async () => {
  await expectError({ WEBHOOK_URL: 'http://127.0.0.1:1' }, /ERROR {4}Webhook .*no answer/)
  await expectError({ WEBHOOK_URL: google.url }, /ERROR {4}Webhook .*status 4/)
})

test('scheduler: never, and long ago', async () => {
  await database.sql`update scheduler_runs set last_run_at = now() - interval '30 hours'`
  await expectError({}, /last ran 30 hours ago/, /CRON_SECRET/)
  await database.sql`delete from scheduler_runs`
  await expectError({}, /has never run/)
  await database.sql`insert into scheduler_runs (last_run_at) values (now())`
})

test('mail: connection refused; an account that is refused', async () => {
  const mail = { EMAIL_FROM: 'Sophiie <a@b.example>' }
  await expectError({ ...mail, SMTP_URL: 'smtp://127.0.0.1:1' }, /ERROR {4}Mail .*ECONNREFUSED/)
  const smtp = net.createServer((socket) => {
    socket.write('220 here\r\n')
    socket.on('error', () => {})
    socket.on('data', (line) => {
      const answers: Record<string, string> = {
        EHLO: '250-here\r\n250 AUTH PLAIN',
        AUTH: '535 no',
        QUIT: '221 bye',
      }
      socket.write(`${answers[String(line).slice(0, 4)]}\r\n`)
    })
  })
  const host = `127.0.0.1:${await listen(smtp)}`
  await expectError({ ...mail, SMTP_URL: `smtp://user:wrong@${host}` }, /ERROR {4}Mail .*it answers 535/)
  expect((await diagnose({ ...mail, SMTP_URL: `smtp://${host}` })).text).toMatch(/ok +Mail/)
  smtp.close()
})

describe('with a linked account', () => {
  beforeAll(async () => {
    setEnvironment(database, google)
    Object.assign(process.env, { GOOGLE_CLIENT_ID: client.id })
    await setUpFixture(database, google)
  })

  test('scheduler: it runs, but a calendar has not been synced', async () => {
    await database.sql`update synced_calendars set last_success_at = now() - interval '30 hours'`
    await expectError({}, /ERROR {4}Scheduler .*not been synced for 30 hours/, /npm run status/)
  })

  test('keys: a stored token cannot be decrypted; a token is encrypted with an older key', async () => {
    await database.sql`update synced_calendars set last_success_at = now()`
    const other = randomBytes(32).toString('base64')
    await expectError({ TOKEN_ENCRYPTION_KEYS: other }, /1 stored tokens cannot be decrypted/)
    expect((await diagnose({ TOKEN_ENCRYPTION_KEYS: `${other},${key}` })).text).toMatch(
      /warning {2}Stored tokens .*npm run keys:rotate/s,
    )
  })
})

test('no secret is printed', async () => {
  const { code, text } = await run({ DATABASE_URL: database.url.replace(/\/[^/]+$/, '/none') })
  expect(text).toMatch(/\n\d problems? found\.\n$/)
  expect(code).toBe(1)
  for (const name of ['NEXTAUTH_SECRET', 'GOOGLE_CLIENT_SECRET', 'TOKEN_ENCRYPTION_KEYS', 'CRON_SECRET'])
    expect(text).not.toContain(validEnv[name])
  expect(text).not.toContain(new URL(database.url).password)
})
