import { randomUUID } from 'node:crypto'
import type { Viewer } from '#lib/auth/schema.ts'
import { saveBusyCalendars } from '#lib/connection/busy/save.ts'
import { removeOwnCalendar } from '#lib/connection/choose.ts'
import { myCalendarOf } from '#lib/connection/mine/settings.ts'
import type { OAuthState } from '#lib/connection/oauth-state.ts'
import { saveCalendarOf } from '#lib/connection/save-calendar.ts'
import type { TestDatabase } from './database.ts'
import { relink } from './link.ts'
import type { SyncFixture } from './sync-fixture.ts'
import { test as syncTest } from './sync-test.ts'

/** Mia, the staff member of the fixture, with a Google account of her own and two calendars. */
const setUpMia = async (fixture: SyncFixture, database: TestDatabase) => {
  await database.sql`delete from google_revocations`
  const { google, businessId, staffId } = fixture
  const [row] = await database.sql`select user_id, email from members where id = ${staffId}`
  const email = `mia-${randomUUID().slice(0, 8)}@gmail.example`
  const account = google.person.addAccount({ email, name: 'Mia', timeZone: 'Australia/Sydney' })
  const addCalendar = (summary: string) => google.person.addCalendar({ email, summary, timeZone: 'UTC' }).id
  const viewer: Viewer = {
    ...fixture.viewer,
    ...{ userId: String(row?.user_id), memberId: staffId, email: String(row?.email), name: 'Mia', role: 'staff' },
  }
  const key = { businessId, memberId: staffId }
  return {
    viewer,
    key,
    email,
    sub: account.sub,
    addCalendar,
    home: addCalendar('Home'),
    link: (
      options: {
        email?: string
        allow?: 'all' | 'none' | string[]
        wish?: Pick<OAuthState, 'access' | 'calendarId'>
      } = {},
    ) => relink({ viewer, email }, google, { whose: 'member', ...options }),
    save: (ids: string[]) =>
      saveBusyCalendars(
        viewer,
        'member',
        ids.map((calendarId) => ({ calendarId, blocksMemberIds: null })),
      ),
    choose: (calendarId: string) => saveCalendarOf(viewer, 'member', calendarId),
    remove: () => removeOwnCalendar(viewer),
    settings: () => myCalendarOf(key),
    rows: () => database.sql`
      select c.calendar_id, c.calendar_name, c.purpose, c.calendar_role, r.requested::int, c.account_id, c.id
      from synced_calendars c left join sync_requests r on r.synced_calendar_id = c.id
      where c.member_id = ${staffId} order by c.calendar_name`,
    accounts: () => database.sql`select id, google_email, scopes from google_accounts where member_id = ${staffId}`,
  }
}

/** As `sync-test.ts`; `mia` links her account by the flow of the product. */
export const test = syncTest.extend('mia', ({ fixture, database }) => setUpMia(fixture, database))

export const revocations = async ({ sql }: TestDatabase) =>
  (await sql`select id, google_sub as sub, channels from google_revocations`).map(({ id, sub, channels }) => ({
    id: String(id),
    sub: String(sub),
    channels,
  }))

export const entries = ({ sql }: TestDatabase, { businessId }: SyncFixture) =>
  sql`select what, before, after from activity where business_id = ${businessId} and what like 'google.%' order by id`
