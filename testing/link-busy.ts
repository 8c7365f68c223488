import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import { insertAccount } from '#db/queries/sync/accounts.ts'
import { insertSyncedCalendar, readSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { memberScopes as scopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import type { EventDraft } from '../emulator/model.ts'
import { addGrant, issueRefreshToken } from '../emulator/oauth/grants.ts'
import type { Scope } from '../emulator/person/person.ts'
import type { Google } from '../emulator/server.ts'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import type { TestDatabase } from './database.ts'

type Of = { database: TestDatabase; google: Google; businessId: BusinessId }

/**
 * A Google account of a member, linked with scopes that only read. `busy` adds a calendar of it
 * that blocks their time.
 */
export const linkMember = async (
  { database, google, businessId }: Of,
  { memberId, email }: { memberId: string; email: string },
) => {
  const [id, zone] = [randomUUID(), 'Australia/Sydney']
  const { person, world } = google
  const { sub } = person.addAccount({ email, name: 'Mia Chen', timeZone: zone })
  const grant = { email, client: DEFAULT_CLIENT, scopes }
  addGrant(world, grant)
  const refreshToken = sealToken(issueRefreshToken(world, grant).token, id)
  await database.db.transaction((tx) =>
    insertAccount(tx, {
      ...{ id, businessId, memberId, linkedBy: memberId, googleSub: sub, googleEmail: email },
      ...{ scopes, refreshToken },
    }),
  )

  const busy = async (calendarId: string) => {
    const [syncedCalendarId, calendarName] = [randomUUID(), 'My own life']
    await database.db.transaction(async (tx) => {
      await insertSyncedCalendar(tx, {
        ...{ id: syncedCalendarId, businessId, accountId: id, memberId, purpose: 'busy', calendarId },
        ...{ calendarName, calendarZone: zone, calendarRole: 'owner' },
        selectedAt: new Date().toISOString(),
      })
      await insertSyncRequests(tx, { syncedCalendarId, businessId })
    })
    const at = (eventId: string) => ({ email, calendarId, eventId })
    return {
      syncedCalendarId,
      calendarId,
      calendarName,
      sync: () => syncCalendar(database, syncedCalendarId),
      calendar: () => readSyncedCalendar(database.db, syncedCalendarId),
      /** The member in Google's interface. */
      inGoogle: {
        create: (event: EventDraft & { id?: string }) => person.create({ ...at(''), event }),
        change: (eventId: string, changes: EventDraft, scope?: Scope) =>
          person.change({ ...at(eventId), changes, ...(scope && { scope }) }),
        remove: (eventId: string, scope?: Scope) => person.remove({ ...at(eventId), ...(scope && { scope }) }),
      },
      /** When the calendar blocks, by start. */
      blocked: async () => {
        const rows = await database.sql<{ start: string }[]>`
          select to_char(lower(during) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start
          from google_occurrences where synced_calendar_id = ${syncedCalendarId} and blocks order by lower(during)`
        return rows.map(({ start }) => start)
      },
    }
  }
  return {
    accountId: id,
    email,
    busy,
    addCalendar: () => person.addCalendar({ email, summary: 'Private', timeZone: zone }).id,
  }
}
