import path from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { encode } from 'next-auth/jwt'
import type { BusinessId } from '#db/business-id.ts'
import { connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { seedSample } from '#db/seed.ts'
import { findBrowser } from '../../scripts/browser.ts'
import { ensureBuild, nextBinary } from '../../scripts/build.ts'
import { startChild, untilReady } from '../../scripts/children.ts'
import { freePort } from '../../scripts/ports.ts'
import { databaseUrl, ensureDatabase, startPostgres } from '../../scripts/postgres.ts'
import { productEnv } from '../../scripts/product-env.ts'
import { dataFolder } from '../../scripts/root.ts'
import { makeSecrets } from '../../scripts/secrets.ts'

/** The production build over the sample business, nothing linked, and a browser that is signed in as the owner. */
export type Stage = {
  url: string
  database: Database
  businessId: BusinessId
  browser: Browser
  session: { name: string; value: string; url: string }
  postgres: string
  stop: () => Promise<void>
}

export const setStage = async (): Promise<Stage> => {
  await ensureBuild()
  const postgres = await startPostgres({
    folder: path.join(dataFolder, 'bench-pages-postgres'),
    port: 54_359,
    throwaway: false,
  })
  const admin = connect(postgres.url, { max: 1 })
  await admin.sql`drop database if exists bench with (force)`
  await admin.close()
  await ensureDatabase(postgres.url, 'bench')
  const address = databaseUrl(postgres.url, 'bench')
  await migrate(address)
  await seedSample(address)
  const database = connect(address, { max: 4 })
  const { server, url, secrets } = await startServer(address)
  const [owner] = await database.sql<{ id: string; epoch: number; business: BusinessId }[]>`
    select u.id, u.session_epoch as epoch, m.business_id as business
    from members m join users u on u.id = m.user_id where m.role = 'owner'`
  if (!owner) throw new Error('The sample has no owner.')
  const token = { userId: owner.id, sessionEpoch: owner.epoch }
  const value = await encode({ token, secret: secrets.NEXTAUTH_SECRET })
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ ...findBrowser(), args: asRoot })
  const [version] = await database.sql`select split_part(version(), ' ', 2) as version`
  return {
    ...{ url, database, businessId: owner.business, browser },
    session: { name: 'next-auth.session-token', value, url },
    postgres: `Postgres ${version?.version}, embedded, durable`,
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
  // Nothing is linked, so nobody is ever asked there.
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

/** So many appointments of the current week, or of a month, spread over all of its days. */
export const fill = async ({ database, businessId }: Stage, count: number, first: string, days: number) => {
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
