import { readLink } from '#db/queries/sync/accounts.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { missingPermissions, type Whose } from '#lib/google/scopes.ts'
import type { Result } from '#lib/result.ts'
import { type Chosen, chooseCalendar } from './choose.ts'
import { linkKey } from './link-key.ts'
import { offeredBy } from './offered.ts'
import { listUnreachable, notLinked } from './refusals.ts'

export type SavedCalendar = Chosen | Result<object, 'not-writable' | 'unreachable' | 'scope-missing'>

const scopeMissing = {
  ok: false,
  code: 'scope-missing',
  message: 'Google has not given Sophiie permission to write events to this account yet.',
} as const

/** Reads the calendar list again: only a calendar that the account may write is accepted. */
export const saveCalendarOf = async (
  viewer: Viewer,
  whose: Whose,
  calendarId: string,
): Promise<Extract<SavedCalendar, { calendarName: string }> | Extract<SavedCalendar, { ok: false }>> => {
  const db = tenantDbOf(viewer)
  const link = await readLink(db, linkKey(viewer, whose))
  if (!link) return notLinked[whose]
  if (missingPermissions(link.account.scopes, 'write').includes('write-events')) return scopeMissing
  const list = await offeredBy(db, link)
  if (!list.ok) return listUnreachable
  const choice = list.data.forAppointments.find((calendar) => calendar.id === calendarId)
  if (!choice || choice.disabledBecause)
    return {
      ok: false,
      code: 'not-writable',
      message: choice?.disabledBecause ?? 'That calendar is no longer there.',
    }
  return chooseCalendar(viewer, choice, whose)
}
