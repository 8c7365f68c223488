import 'server-only'
import { readLink } from '#db/queries/sync/accounts.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer, requireViewer } from '#lib/auth/viewer.ts'
import { linkKey } from '../link-key.ts'
import type { OfferResult } from '../offer-response.ts'
import { offeredBy } from '../offered.ts'
import { refusedList } from '../refused-list.ts'
import type { MyCalendar } from './schema.ts'
import { myCalendarOf } from './settings.ts'

export const myCalendar = async (): Promise<MyCalendar> => {
  const { businessId, memberId } = await requireViewer()
  return myCalendarOf({ businessId, memberId })
}

/** Reads the member's calendars from Google. */
export const myOffer = async (): Promise<OfferResult> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const db = tenantDbOf(acting.viewer)
  const link = await readLink(db, linkKey(acting.viewer, 'member'))
  if (!link) return { ok: true, forAppointments: [], toBlock: [] }
  const answer = await offeredBy(db, link)
  return answer.ok ? { ok: true, ...answer.data } : refusedList(answer.failure)
}
