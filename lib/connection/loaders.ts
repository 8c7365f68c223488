import 'server-only'
import { cache } from 'react'
import { readLink } from '#db/queries/sync/accounts.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, requireOwner, requireViewer } from '#lib/auth/viewer.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { linkKey } from './link-key.ts'
import type { OfferResult } from './offer-response.ts'
import { offeredBy } from './offered.ts'
import { notLinked } from './refusals.ts'
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
  if (!link) return notLinked.business
  const answer = await offeredBy(db, link)
  return answer.ok
    ? { ok: true, calendars: answer.data.forAppointments, selectedId: link.calendar?.calendarId ?? null }
    : refusedList(answer.failure)
}

/** The same for a route. */
export const businessOffer = async (): Promise<OfferResult> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const db = tenantDbOf(acting.viewer)
  const link = await readLink(db, linkKey(acting.viewer, 'business'))
  if (!link) return { ok: true, forAppointments: [], toBlock: [] }
  const answer = await offeredBy(db, link)
  return answer.ok ? { ok: true, ...answer.data } : refusedList(answer.failure)
}
