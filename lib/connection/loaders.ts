import 'server-only'
import { cache } from 'react'
import { readLink } from '#db/queries/sync/accounts.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireOwner, requireViewer } from '#lib/auth/viewer.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { listCalendars } from './choices.ts'
import { refusedList } from './refused-list.ts'
import type { CalendarChoices, CalendarSettings } from './schema.ts'
import { settingsOf, statusOfBusiness } from './settings.ts'

export const calendarSettings = async (): Promise<CalendarSettings> => settingsOf((await requireOwner()).businessId)

/** Several parts of a page show it; counted once per request. */
export const syncStatusOfViewer = cache(
  async (): Promise<SyncStatus> => statusOfBusiness((await requireViewer()).businessId),
)

/** Reads the account's calendars from Google. */
export const calendarChoices = async (): Promise<CalendarChoices> => {
  const { businessId } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const link = await readLink(db, { businessId, memberId: null })
  if (!link) return { ok: false, code: 'not-linked', message: 'No Google account is linked.' }
  const answer = await listCalendars(calendarApi(tokenOf(db, link.account.id)))
  return answer.ok
    ? { ok: true, calendars: answer.data, selectedId: link.calendar?.calendarId ?? null }
    : refusedList(answer.failure)
}
