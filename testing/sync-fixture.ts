import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import {
  insertAppointment,
  readAppointment,
  readAppointmentForUpdate,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { readMappings } from '#db/queries/mappings/mappings.ts'
import { insertAccount } from '#db/queries/sync/accounts.ts'
import { readBusinessCalendar, readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { businesses, members, users } from '#db/schema/business.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { defaultOpeningHours } from '#lib/business/schema.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { enqueuePushOfBusiness } from '#lib/sync/enqueue.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { expireSyncTokens } from '../emulator/calendar/sync-token.ts'
import type { EventDraft, Fault } from '../emulator/model.ts'
import { addGrant, issueRefreshToken } from '../emulator/oauth/grants.ts'
import type { Scope } from '../emulator/person/person.ts'
import type { Google } from '../emulator/server.ts'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import type { TestDatabase } from './database.ts'

/**
 * A business with an owner and a staff member, linked to a Google account of the emulator, and its
 * actions.
 */
export type SyncFixture = Awaited<ReturnType<typeof setUpFixture>>

/** The environment of the product; to be set before the product reads it. */
export const setEnvironment = (database: { url: string }, google: { url: string }) => {
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    NEXTAUTH_URL: 'http://localhost:3999',
    NEXTAUTH_SECRET: 'a secret for tests only, long enough',
    GOOGLE_CLIENT_ID: DEFAULT_CLIENT.id,
    GOOGLE_CLIENT_SECRET: DEFAULT_CLIENT.secret,
    GOOGLE_BASE_URL: google.url,
    TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    CRON_SECRET: 'another secret for tests only',
  })
}

const zone = 'Australia/Sydney'
const always = { timeMin: '2020-01-01T00:00:00Z', timeMax: '2030-01-01T00:00:00Z' }

export const setUpFixture = async (database: TestDatabase, google: Google) => {
  const stamp = randomUUID().slice(0, 8)
  const email = `olive-${stamp}@harbour.example`
  const account = google.person.addAccount({ email, name: 'Olive Harbour', timeZone: zone })
  const calendar = google.person.addCalendar({ email, summary: 'Work', timeZone: zone })
  const business = await foundBusiness(database, stamp, email)
  const accountId = await linkAccount(database, google, { ...business, email, sub: account.sub })
  const viewer = viewerOf(business, email)
  const choice = (id: string, name: string) => ({
    id,
    name,
    timeZone: zone,
    access: 'owner' as const,
    primary: false,
    disabledBecause: null,
  })
  await chooseCalendar(viewer, choice(calendar.id, 'Work'))
  const { id: syncedCalendarId = '' } = (await readBusinessCalendar(database.db, business.businessId)) ?? {}

  const { faults, log } = google.world
  const recordRequests = () => {
    const last = log.last()
    return () => log.since(last).flatMap(({ operation, part }) => (part === undefined ? operation : []))
  }
  const at = (eventId: string, calendarId = calendar.id) => ({ email, calendarId, eventId })
  const fixture = {
    ...business,
    database,
    google,
    email,
    sub: account.sub,
    accountId,
    syncedCalendarId,
    calendarId: calendar.id,
    viewer,
    select: (id: string, name = 'Other') => chooseCalendar(viewer, choice(id, name)),
    sync: () => syncCalendar(database, syncedCalendarId),
    status: async () => {
      const settings = await settingsOf(business.businessId)
      return settings.linked ? settings.status : null
    },
    /** The owner's default answer for appointments that are removed in Google. */
    setDefaultAnswer: (answer: string) =>
      database.sql`update businesses set when_removed = ${answer} where id = ${business.businessId}`,
    /** Ends the backoff of every appointment. */
    endBackoff: () => database.sql`update event_mappings set next_attempt_at = now() where next_attempt_at is not null`,
    /**
     * As after ten minutes, or more: reads lag no longer behind the writes until now, and no
     * backoff is left.
     */
    endLag: (minutes = 10) => database.sql`
      with passed as (select make_interval(mins => ${minutes}::int) as time),
      aged as (update synced_calendars set failing_since = failing_since - time, full_read_at = full_read_at - time from passed)
      update event_mappings set next_attempt_at = next_attempt_at - time, pushed_at = pushed_at - time,
        missing_since = missing_since - time, waiting_since = waiting_since - time from passed`,
    /**
     * Fails the next requests of an operation (`times` of them, or all), by default with a status.
     */
    injectFault: (operation: string, fault: Partial<Fault> = {}) =>
      faults.push({ match: { operation }, kind: 'status', ...fault }),
    clearFaults: () => {
      faults.length = 0
    },
    /**
     * Returns a function that lists the operations of requests to Google from now on. A batch is
     * one request.
     */
    recordRequests,
    requestsDuring: async (work: () => Promise<unknown>) => {
      const requests = recordRequests()
      await work()
      return requests()
    },
    expireSyncTokens: () => {
      const store = google.world.state.calendars.get(calendar.id)
      if (store) expireSyncTokens(google.world, store)
    },
    /**
     * Seconds until the run that is queued for the end of a backoff; undefined if there is none.
     */
    secondsUntilLaterRun: async () => {
      const [job] = await database.sql<{ seconds: number }[]>`
        select extract(epoch from run_at - now())::float as seconds from graphile_worker.jobs
        where key = ${`sync-later:${syncedCalendarId}`}`
      return job?.seconds
    },
    holdNext: (operation: string) => holdNext(google, operation),
    calendar: () => readSyncedCalendar(database.db, syncedCalendarId),
    /**
     * Books as the product does: the row, its assignees and the sync request in one transaction.
     */
    book: (fields: Partial<Fields> = {}) => book(database, business, fields),
    edit: (id: string, fields: Partial<Fields>) => edit(database, business, { id, fields }),
    cancel: (id: string) => edit(database, business, { id, fields: { status: 'cancelled' } }),
    /** The button "Put back". */
    putBack: (id: string) => edit(database, business, { id, fields: { removedInGoogleAt: null } }),
    appointment: (id: string) => readAppointment(database.db, { businessId: business.businessId, id }),
    mapping: async (id: string, calendarId = calendar.id) => {
      const place = { businessId: business.businessId, googleSub: account.sub, calendarId }
      return (await readMappings(database.db, place, [id]))[0] ?? null
    },
    event: (eventId: string, calendarId = calendar.id) => google.person.event({ email, calendarId, eventId }),
    at,
    /** A person in Google's interface, in the chosen calendar. */
    inGoogle: {
      create: (event: EventDraft & { id?: string }) => google.person.create({ ...at(''), event }),
      change: (eventId: string, changes: EventDraft, scope?: Scope) =>
        google.person.change({ ...at(eventId), changes, ...(scope && { scope }) }),
      remove: (eventId: string, scope?: Scope) => google.person.remove({ ...at(eventId), ...(scope && { scope }) }),
      restore: (eventId: string) => google.person.restore(at(eventId)),
    },
    mirror: () => readMirror(database, syncedCalendarId),
    /** Adds a calendar to the account; returns its id. */
    addCalendar: (summary = 'Other') => google.person.addCalendar({ email, summary, timeZone: zone }).id,
    /** The titles of the live events in a calendar, in order of time. */
    liveIn: (calendarId: string, of = email) =>
      google.person.instances({ ...always, email: of, calendarId }).map((event) => event.summary),
  }
  return fixture
}

/**
 * Holds the next request of an operation: `reached` once Google has it, answered after `release`.
 */
const holdNext = ({ world }: Google, operation: string) => {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  world.faults.push({
    match: { operation },
    kind: 'latency',
    until: released.promise,
    times: 1,
    set hits(_: number) {
      reached.resolve()
    },
  })
  return { reached: reached.promise, release: released.resolve }
}

type Business = { businessId: BusinessId; ownerId: string; staffId: string; userId: string }

const foundBusiness = async ({ db }: TestDatabase, stamp: string, email: string): Promise<Business> => {
  const ids = {
    businessId: randomUUID() as BusinessId,
    ownerId: randomUUID(),
    staffId: randomUUID(),
    userId: randomUUID(),
  }
  const staffUser = randomUUID()
  const staffEmail = `mia-${stamp}@harbour.example`
  const { businessId } = ids
  await db
    .insert(businesses)
    .values({ id: businessId, name: 'Harbour', timeZone: zone, openingHours: defaultOpeningHours })
  await db.insert(users).values([
    { id: ids.userId, email, name: 'Olive Harbour' },
    { id: staffUser, email: staffEmail, name: 'Mia Chen' },
  ])
  await db.insert(members).values([
    {
      id: ids.ownerId,
      businessId,
      userId: ids.userId,
      role: 'owner',
      name: 'Olive Harbour',
      email,
      colour: 1,
    },
    {
      id: ids.staffId,
      businessId,
      userId: staffUser,
      role: 'staff',
      name: 'Mia Chen',
      email: staffEmail,
      colour: 2,
    },
  ])
  return ids
}

const linkAccount = async (
  { db }: TestDatabase,
  { world }: Google,
  link: Business & { email: string; sub: string },
): Promise<string> => {
  const id = randomUUID()
  const grant = { email: link.email, client: DEFAULT_CLIENT, scopes: linkScopes }
  addGrant(world, grant)
  await db.transaction((tx) =>
    insertAccount(tx, {
      id,
      businessId: link.businessId,
      linkedBy: link.ownerId,
      googleSub: link.sub,
      googleEmail: link.email,
      scopes: linkScopes,
      refreshToken: sealToken(issueRefreshToken(world, grant).token, id),
    }),
  )
  return id
}

const viewerOf = (business: Business, email: string): Viewer => ({
  userId: business.userId,
  memberId: business.ownerId,
  businessId: business.businessId,
  businessName: 'Harbour',
  timeZone: zone,
  name: 'Olive Harbour',
  email,
  role: 'owner',
})

type Fields = {
  title: string
  startsAt: string
  endsAt: string
  location: string
  notes: string
  customerName: string
  assigneeIds: string[]
  status: 'booked' | 'cancelled'
  removedInGoogleAt: null
}

let slot = 0

/** Bookings without times get consecutive hours, so that they do not clash. */
const nextSlot = () => {
  const start = Date.UTC(2027, 0, 1) + slot++ * 3_600_000
  const text = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
  return { startsAt: text(start), endsAt: text(start + 3_600_000) }
}

const book = async ({ db }: TestDatabase, business: Business, fields: Partial<Fields>): Promise<string> => {
  const id = randomUUID()
  await db.transaction(async (tx) => {
    await insertAppointment(tx, {
      title: 'Blocked drain',
      ...nextSlot(),
      location: '',
      notes: '',
      customerName: '',
      customerPhone: '',
      customerEmail: '',
      status: 'booked',
      revision: 1,
      overlapAllowed: null,
      removedInGoogleAt: null,
      googleUnchecked: false,
      createdBy: business.ownerId,
      assigneeIds: [business.staffId],
      ...fields,
      id,
      businessId: business.businessId,
    })
    await enqueuePushOfBusiness(tx, business.businessId)
  })
  return id
}

const edit = ({ db }: TestDatabase, business: Business, change: { id: string; fields: Partial<Fields> }) =>
  db.transaction(async (tx) => {
    const { businessId } = business
    const row = await readAppointmentForUpdate(tx, { businessId, id: change.id })
    if (!row) throw new Error('No such appointment.')
    await writeAppointment(tx, { ...row, ...change.fields, revision: row.revision + 1 })
    await enqueuePushOfBusiness(tx, businessId)
  })

const readMirror = async ({ sql }: TestDatabase, syncedCalendarId: string) => {
  const events = await sql<{ id: string; title: string; kind: string }[]>`
    select event_id as id, title, kind from google_events where synced_calendar_id = ${syncedCalendarId} order by event_id`
  const occurrences = await sql<{ instance: string; start: string; blocks: boolean }[]>`
    select instance_id as instance, to_char(lower(during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start, blocks
    from google_occurrences where synced_calendar_id = ${syncedCalendarId} order by lower(during), instance_id`
  return { events: [...events], occurrences: [...occurrences] }
}
