import 'server-only'
import { readLink } from '#db/queries/sync/accounts.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer, requireViewer } from '#lib/auth/viewer.ts'
import type { Result } from '#lib/result.ts'
import { linkKey } from '../link-key.ts'
import { type RefusedList, refusedList } from '../refused-list.ts'
import { busyChoices } from './choices.ts'
import type { MyCalendar, MyChoices } from './schema.ts'
import { myCalendarOf } from './settings.ts'

export const myCalendar = async (): Promise<MyCalendar> => {
  const { businessId, memberId } = await requireViewer()
  return myCalendarOf({ businessId, memberId })
}

/** Reads the member's calendars from Google. */
export const myChoices = async (): Promise<Result<MyChoices, RefusedList['code'] | 'signed-out'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const db = tenantDbOf(acting.viewer)
  const link = await readLink(db, linkKey(acting.viewer, 'member'))
  if (!link) return { ok: true, calendars: [] }
  const answer = await busyChoices(db, link.account)
  return answer.ok ? { ok: true, calendars: answer.data } : refusedList(answer.failure)
}
