import type { Db } from '#db/client.ts'
import { type Link, type LinkKey, readLink } from '#db/queries/sync/accounts.ts'
import type { SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { missingPermissions } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { busyCalendarOf, calendarReportOf, calendarStatusOf } from '../settings.ts'
import { overallStatus } from './overall-status.ts'
import type { AppointmentsCalendar, MyCalendar } from './schema.ts'

/** The member's own account and its calendars, from stored facts alone. */
export const myCalendarOf = async (key: LinkKey & { memberId: string }): Promise<MyCalendar> => {
  const db = tenantDbOf(key)
  const link = await readLink(db, key)
  if (!link) return { linked: false }
  const { account, calendar } = link
  const now = new Date().toISOString()
  const busy = link.busy.map((each) => busyCalendarOf(each, now))
  const appointments = await appointmentsOf(db, link, now)
  return {
    linked: true,
    account: account.googleEmail,
    status: overallStatus([...(appointments ? [appointments] : []), ...busy].map(({ status }) => status)),
    lastSuccessAt: oldestSuccess([...(calendar ? [calendar] : []), ...link.busy]),
    appointments,
    busy,
    missingPermissions: missingPermissions(account.scopes, calendar ? 'write' : 'read'),
    mayWrite: missingPermissions(account.scopes, 'write').length === 0,
  }
}

const appointmentsOf = async (db: Db, link: Link, now: string): Promise<AppointmentsCalendar | null> =>
  link.calendar && {
    ...{ id: link.calendar.calendarId, name: link.calendar.calendarName },
    ...(await calendarReportOf(db, link, now)),
  }

/** That of the calendar that needs the most attention. */
export const statusOfLink = async (db: Db, link: Link, now: string): Promise<SyncStatus> => {
  const busy = link.busy.map((each) => busyCalendarOf(each, now).status)
  return overallStatus(link.calendar ? [await calendarStatusOf(db, link, now), ...busy] : busy)
}

const oldestSuccess = (calendars: SyncedCalendar[]): string | null => {
  const times = calendars.map(({ lastSuccessAt }) => lastSuccessAt)
  return times.includes(null) ? null : (times.sort()[0] ?? null)
}
