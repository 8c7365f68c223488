import { randomUUID } from 'node:crypto'
import { adoptMappings, readMappings, resetMappings } from '#db/queries/mappings/mappings.ts'
import { insertAccount } from '#db/queries/sync/accounts.ts'
import { insertSyncedCalendar, readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { retireLink } from '#lib/connection/unlink.ts'
import { linkScopes as scopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { requestPlacement } from '#lib/sync/placement/request-placement.ts'
import { type SyncReport, syncCalendar } from '#lib/sync/run.ts'
import type { EventDraft } from '../../emulator/model.ts'
import { addGrant, issueRefreshToken } from '../../emulator/oauth/grants.ts'
import type { Google } from '../../emulator/server.ts'
import { DEFAULT_CLIENT } from '../../emulator/world.ts'
import type { TestDatabase } from '../database.ts'
import type { SyncFixture } from '../sync-fixture.ts'
import { test as base } from '../sync-test.ts'

/** Members with appointments calendars of their own, beside the calendar of the business. */

type Of = { fixture: SyncFixture; database: TestDatabase; google: Google }
export type Teammate = Awaited<ReturnType<typeof joinTeam>>

const zone = 'Australia/Sydney'
const always = { timeMin: '2020-01-01T00:00:00Z', timeMax: '2030-01-01T00:00:00Z' }

const addMember = async ({ fixture, database }: Of, name: string) => {
  const email = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@harbour.example`
  const id = randomUUID()
  const [user] = await database.sql`insert into users (email, name) values (${email}, ${name}) returning id`
  await database.sql`insert into members (id, business_id, user_id, role, name, email, colour)
    values (${id}, ${fixture.businessId}, ${user?.id}, 'staff', ${name}, ${email}, 3)`
  return { id, email }
}

/** A new member with a linked account; `link` chooses its calendar for their appointments. */
export const joinTeam = async (of: Of, name: string) => {
  const { fixture, database, google } = of
  const { businessId } = fixture
  const { person, world } = google
  const { id: memberId, email } = await addMember(of, name)
  const { sub } = person.addAccount({ email, name, timeZone: zone })
  const calendarId = person.addCalendar({ email, summary: 'Jobs', timeZone: zone }).id
  const key = { businessId, googleSub: sub, calendarId }
  let syncedCalendarId = ''

  const link = async () => {
    const [accountId, grant] = [randomUUID(), { email, client: DEFAULT_CLIENT, scopes }]
    syncedCalendarId = randomUUID()
    addGrant(world, grant)
    const refreshToken = sealToken(issueRefreshToken(world, grant).token, accountId)
    await database.db.transaction(async (tx) => {
      await insertAccount(tx, {
        ...{ id: accountId, businessId, memberId, linkedBy: memberId, googleSub: sub, googleEmail: email },
        ...{ scopes, refreshToken },
      })
      await insertSyncedCalendar(tx, {
        ...{ id: syncedCalendarId, businessId, accountId, memberId, purpose: 'appointments', calendarId },
        ...{ calendarName: 'Jobs', calendarZone: zone, calendarRole: 'owner' },
        selectedAt: new Date().toISOString(),
      })
      await adoptMappings(tx, key)
      await resetMappings(tx, { ...key, memberId })
      await insertSyncRequests(tx, { syncedCalendarId, businessId })
      await requestPlacement(tx, businessId)
    })
  }
  const unlink = () =>
    database.db.transaction(async (tx) => {
      await retireLink(tx, { businessId, memberId })
      await requestPlacement(tx, businessId)
    })
  const at = (eventId: string) => ({ email, calendarId, eventId })
  await link()
  return {
    ...{ memberId, name, email, sub, calendarId, link, unlink, at },
    get syncedCalendarId() {
      return syncedCalendarId
    },
    sync: () => syncCalendar(database, syncedCalendarId),
    calendar: () => readSyncedCalendar(database.db, syncedCalendarId),
    mapping: async (id: string) => (await readMappings(database.db, key, [id]))[0] ?? null,
    /** The titles of the live events, in order of time. */
    live: () => person.instances({ ...always, email, calendarId }).map((event) => event.summary),
    event: (eventId: string) => person.event(at(eventId)),
    /** The member in Google's interface. */
    inGoogle: {
      create: (event: EventDraft & { id?: string }) => person.create({ ...at(''), event }),
      change: (eventId: string, changes: EventDraft) => person.change({ ...at(eventId), changes }),
      remove: (eventId: string) => person.remove(at(eventId)),
    },
  }
}

const mostRounds = 20

/** Runs every calendar of the business for which a run is requested, until none is. */
export const settle = async ({ database, businessId }: SyncFixture): Promise<SyncReport[]> => {
  const reports: SyncReport[] = []
  for (let round = 0; round < mostRounds; round++) {
    const due = await database.sql<{ id: string }[]>`
      select r.synced_calendar_id as id from sync_requests r join synced_calendars c on c.id = r.synced_calendar_id
      where r.business_id = ${businessId} and r.requested > r.processed and not c.waits_for_person order by random()`
    if (due.length === 0) return reports
    reports.push(...(await Promise.all(due.map(({ id }) => syncCalendar(database, id)))))
  }
  throw new Error('Runs request each other without an end.')
}

/** As `sync-test.ts`; `ben` and `mia` have appointments calendars of their own, all read once. */
export const test = base
  .extend('ben', ({ fixture, database, google }) => joinTeam({ fixture, database, google }, 'Ben'))
  .extend('mia', ({ fixture, database, google }) => joinTeam({ fixture, database, google }, 'Mia'))
  .extend('settled', { auto: true }, async ({ fixture, ben, mia }) => {
    await settle(fixture)
    return [ben.name, mia.name]
  })
