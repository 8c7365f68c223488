import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { BusinessId } from '#db/business-id.ts'
import { connect, type Database } from '#db/client.ts'
import { readBusinessCalendar } from '#db/queries/sync/calendars.ts'
import { businesses, members, users } from '#db/schema/business.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { defaultOpeningHours } from '#lib/business/schema.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { everything } from '#testing/everything.ts'
import { relink } from '#testing/link.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { control, readLog } from '../../emulator/testing.ts'
import { root } from '../../scripts/process/root.ts'
import { freshDatabase } from '../database.ts'

/** Embedded, durable Postgres with a new database, and the emulator in a separate process. */
export type Environment = {
  database: Database
  google: { url: string }
  postgres: string
  stop: () => Promise<void>
}

export const startEnvironment = async (): Promise<Environment> => {
  const postgres = await freshDatabase({ folder: 'bench-postgres', port: 54_349 })
  const { url } = postgres
  const { child, url: googleUrl } = await startEmulator()
  setEnvironment({ url }, { url: googleUrl })
  const database = connect(url, { max: 20, direct: true })
  return {
    database,
    google: { url: googleUrl },
    postgres: postgres.description,
    stop: async () => {
      child.kill('SIGTERM')
      await database.close()
      await postgres.stop()
    },
  }
}

const startEmulator = async (): Promise<{ child: ChildProcess; url: string }> => {
  const child = spawn(process.execPath, [path.join(root, 'bench/sync/google.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line }
  throw new Error('The emulator did not start.')
}

export type Linked = {
  businessId: BusinessId
  accountId: string
  syncedCalendarId: string
  memberId: string
  email: string
}

/** A business that linked the account and chose its primary calendar, without a channel. */
export const linkBusiness = async (environment: Environment, email: string): Promise<Linked> =>
  linkViewer(environment, await createBusiness(environment.database, email))

export const linkViewer = async ({ database, google }: Environment, viewer: Viewer): Promise<Linked> => {
  const { email } = viewer
  const outcome = await relink({ viewer, email }, google)
  if (outcome !== 'linked') throw new Error(`Linking ended with ${outcome}.`)
  await choose(viewer, email)
  await database.sql`update synced_calendars set channel_unsupported = true where business_id = ${viewer.businessId}`
  await database.sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`
  const calendar = await readBusinessCalendar(everything(database), viewer.businessId)
  if (!calendar) throw new Error('The calendar is missing.')
  const { id: syncedCalendarId, accountId } = calendar
  return { businessId: viewer.businessId, accountId, syncedCalendarId, memberId: viewer.memberId, email }
}

export const choose = async (viewer: Viewer, calendarId: string): Promise<void> => {
  const choice = { name: calendarId, timeZone: viewer.timeZone, access: 'owner', primary: true } as const
  await chooseCalendar(viewer, { ...choice, id: calendarId, disabledBecause: null })
}

export const createBusiness = async ({ db }: Database, email: string): Promise<Viewer> => {
  const businessId = randomUUID() as BusinessId
  const [userId, memberId] = [randomUUID(), randomUUID()]
  const timeZone = 'Australia/Sydney'
  const name = 'Bench'
  await db.insert(businesses).values({ id: businessId, name, timeZone, openingHours: defaultOpeningHours })
  await db.insert(users).values({ id: userId, email, name })
  await db.insert(members).values({ id: memberId, businessId, userId, role: 'owner', name, email, colour: 1 })
  return { userId, memberId, businessId, businessName: name, timeZone, name, email, role: 'owner' }
}

/** An account with an empty primary calendar. */
export const addAccount = async ({ google }: Environment, name: string): Promise<string> => {
  const email = `${name}@bench.example`
  await control(google.url, 'person/addAccount', { body: { email, name, timeZone: 'Australia/Sydney' } })
  return email
}

/** Counts the Calendar API requests of the work. */
export const countRequests = async ({ google }: Environment, work: () => Promise<unknown>): Promise<number> => {
  const before = (await readLog(google.url)).at(-1)?.seq ?? 0
  await work()
  const entries = await readLog(google.url, before)
  return entries.filter((entry) => !entry.operation.startsWith('oauth.') && entry.part === undefined).length
}

/** Adds latency to every Calendar API request; 0 removes it. */
export const slowDown = async ({ google }: Environment, milliseconds: number): Promise<void> => {
  await control(google.url, 'faults', { method: 'DELETE' })
  if (milliseconds === 0) return
  await control(google.url, 'faults', {
    body: { match: { path: '^/calendar/v3/' }, kind: 'latency', milliseconds },
  })
}
