import { type LinkKey, readLink } from '#db/queries/sync/accounts.ts'
import type { SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { missingPermissions } from '#lib/google/scopes.ts'
import { statusOf } from '#lib/sync/core/status.ts'
import { factsOf, noMappings } from '../settings.ts'
import { overallStatus } from './overall-status.ts'
import type { BusyCalendar, MyCalendar } from './schema.ts'

/** The member's own account and busy calendars, from stored facts alone. */
export const myCalendarOf = async (key: LinkKey & { memberId: string }): Promise<MyCalendar> => {
  const link = await readLink(tenantDbOf(key), key)
  if (!link) return { linked: false }
  const { account } = link
  const now = new Date().toISOString()
  const busy = link.busy.map((calendar) => busyCalendarOf(calendar, now))
  return {
    linked: true,
    account: account.googleEmail,
    status: overallStatus(busy.map(({ status }) => status)),
    lastSuccessAt: oldestSuccess(link.busy),
    busy,
    missingPermissions: missingPermissions(account.scopes, 'member'),
  }
}

const busyCalendarOf = (calendar: SyncedCalendar, now: string): BusyCalendar => ({
  id: calendar.calendarId,
  name: calendar.calendarName,
  status: statusOf(factsOf(calendar, noMappings), now),
})

const oldestSuccess = (calendars: SyncedCalendar[]): string | null => {
  const times = calendars.map(({ lastSuccessAt }) => lastSuccessAt)
  return times.includes(null) ? null : (times.sort()[0] ?? null)
}
