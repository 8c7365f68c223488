import path from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { encode } from 'next-auth/jwt'
import type { BusinessId } from '#db/business-id.ts'
import { connect, type Database } from '#db/client.ts'
import { seedSample } from '#db/seed.ts'
import { ensureBuild, nextBinary } from '../../scripts/build.ts'
import { findBrowser } from '../../scripts/process/browser.ts'
import { startChild, untilReady } from '../../scripts/process/children.ts'
import { freePort } from '../../scripts/process/ports.ts'
import { productEnv } from '../../scripts/process/product-env.ts'
import { dataFolder } from '../../scripts/process/root.ts'
import { makeSecrets } from '../../scripts/process/secrets.ts'
import { freshDatabase } from '../database.ts'

/** Time zone of the sample business. */
export const zone = 'Australia/Sydney'

/**
 * The production build with the sample business, nothing linked, and a browser signed in as its
 * owner.
 */
export type Environment = {
  url: string
  database: Database
  businessId: BusinessId
  browser: Browser
  session: { name: string; value: string; url: string }
  postgres: string
  stop: () => Promise<void>
}

export const startEnvironment = async (): Promise<Environment> => {
  await ensureBuild()
  const postgres = await freshDatabase({ folder: 'bench-pages-postgres', port: 54_359 })
  const address = postgres.url
  await seedSample(address)
  const database = connect(address, { max: 4 })
  const { server, url, secrets } = await startServer(address)
  const [owner] = await database.sql<{ id: string; version: number; business: BusinessId }[]>`
    select u.id, u.session_version as version, m.business_id as business
    from members m join users u on u.id = m.user_id where m.role = 'owner'`
  if (!owner) throw new Error('The sample has no owner.')
  const token = { userId: owner.id, sessionVersion: owner.version }
  const value = await encode({ token, secret: secrets.NEXTAUTH_SECRET })
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ ...findBrowser(), args: asRoot })
  return {
    ...{ url, database, businessId: owner.business, browser },
    session: { name: 'next-auth.session-token', value, url },
    postgres: postgres.description,
    stop: async () => {
      await browser.close()
      await server.stop()
      await database.close()
      await postgres.stop()
    },
  }
}

const startServer = async (address: string) => {
  const secrets = makeSecrets()
  const port = await freePort()
  const url = `http://localhost:${port}`
  // Nothing is linked, so this address is never called.
  const addresses = { appUrl: url, googleUrl: 'http://127.0.0.1:9', databaseUrl: address }
  const server = startChild({
    name: 'The measured server',
    args: [nextBinary, 'start', '--hostname', 'localhost', '--port', String(port)],
    env: { ...process.env, ...productEnv(addresses, secrets), NODE_ENV: 'production' },
    log: path.join(dataFolder, 'logs/bench-pages.log'),
  })
  await untilReady({ child: server, url: `${url}/api/health`, seconds: 60 })
  return { server, url, secrets }
}

/** Replaces all appointments by `count` new ones, spread over `days` from the instant `first`. */
export const fill = async ({ database, businessId }: Environment, count: number, first: string, days: number) => {
  const { sql } = database
  await sql`delete from appointments`
  await sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${businessId}, 'Visit ' || n,
      ${first}::timestamptz + (n % ${days}) * interval '1 day' + (n / ${days}) * interval '10 minutes',
      ${first}::timestamptz + (n % ${days}) * interval '1 day' + (n / ${days} + 3) * interval '10 minutes'
    from generate_series(0, ${count - 1}) n`
  await sql`analyze appointments`
}

type Team = { members: number; count: number; first: string }

/**
 * The same on one day, for a team of that many: each appointment has one assignee, and starts with
 * those of the others.
 */
export const fillTeam = async (environment: Environment, { members, count, first }: Team) => {
  const { database, businessId } = environment
  const { sql } = database
  await sql`delete from appointments`
  await sql`
    with missing as (
      select n, gen_random_uuid() as id from generate_series(
        1, ${members}::int - (select count(*)::int from members where business_id = ${businessId})) n),
    people as (
      insert into users (id, email, name) select id, 'member' || n || '@harbour.example', 'Member ' || n from missing)
    insert into members (business_id, user_id, role, name, email, colour)
    select ${businessId}, id, 'staff', 'Member ' || n, 'member' || n || '@harbour.example', 4 + n from missing`
  await sql`
    with team as (
      select id, row_number() over (order by id) - 1 as place from members where business_id = ${businessId}),
    made as (
      insert into appointments (business_id, title, starts_at, ends_at)
      select ${businessId}, 'Visit ' || n,
        ${first}::timestamptz + (n / ${members}::int) * interval '20 minutes',
        ${first}::timestamptz + (n / ${members}::int + 1) * interval '20 minutes'
      from generate_series(0, ${count}::int - 1) n
      returning id, title, starts_at, ends_at)
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    select ${businessId}, made.id, team.id, tstzrange(starts_at, ends_at), true
    from made join team on place = substr(title, 7)::int % ${members}::int`
  await sql`analyze appointments, appointment_assignees`
}
