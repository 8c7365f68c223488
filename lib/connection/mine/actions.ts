'use server'

import { z } from 'zod'
import { clearTrouble } from '#db/queries/mappings/mappings.ts'
import { calendarsOf, readLink } from '#db/queries/sync/accounts.ts'
import type { SyncedCalendar, SyncedCalendarChanges } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import type { Result } from '#lib/result.ts'
import { type SavedBusy, saveBusyCalendars } from '../busy/save.ts'
import { myBusyCalendarsSchema } from '../busy/schema.ts'
import { removeOwnCalendar } from '../choose.ts'
import { linkKey } from '../link-key.ts'
import { notLinked } from '../refusals.ts'
import { requestRuns, tryAgain } from '../request-runs.ts'
import { type SavedCalendar, saveCalendarOf } from '../save-calendar.ts'
import { chooseCalendarSchema } from '../schema.ts'
import { unlink } from '../unlink.ts'

/** A member's actions on their own account. No input names a member: it is always the viewer. */

type Denied = 'signed-out' | 'not-linked'

type Refused = Extract<Result<object, Denied | 'invalid'>, { ok: false }>

const invalid = { ok: false, code: 'invalid', message: 'Choose from the calendars of the list.' } as const

/** Where the member's own appointments go as well. */
export const saveMyCalendar = async (input: unknown): Promise<SavedCalendar | Refused> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = chooseCalendarSchema.safeParse(input)
  if (!parsed.success) return invalid
  const saved = await saveCalendarOf(acting.viewer, 'member', parsed.data.calendarId)
  drainAfterResponse()
  return saved
}

/** No calendar gets the member's own appointments any more; the events in it stay. */
export const removeMyCalendar = async (): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const removed = await removeOwnCalendar(acting.viewer)
  drainAfterResponse()
  return removed
}

export const saveMyCalendars = async (input: unknown): Promise<SavedBusy | Refused> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = myBusyCalendarsSchema.safeParse(input)
  if (!parsed.success) return invalid
  const saved = await saveBusyCalendars(acting.viewer, 'member', parsed.data)
  drainAfterResponse()
  return saved
}

export const syncMyCalendars = async (): Promise<Result<object, Denied>> => requestSync(() => tryAgain)

/** The next full read of each calendar that waits for this may remove most of its mirror. */
export const approveMyBulkDeletion = async (): Promise<Result<object, Denied>> =>
  requestSync(({ lastFailureKind }) =>
    lastFailureKind === massDeletionKind ? { ...tryAgain, bulkDeletionApproved: true } : null,
  )

/** Retries an appointment that Google refused in the member's own calendar. */
export const retryMyAppointment = async (input: { appointmentId: string }): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const { businessId } = acting.viewer
  const appointmentId = z.uuid().safeParse(input?.appointmentId).data
  if (appointmentId)
    await tenantDbOf(acting.viewer).transaction((tx) => clearTrouble(tx, { businessId, appointmentId }))
  // Ends the wait for the next attempt; a calendar that has none waits for a person.
  return requestSync(({ purpose, retryAt }) =>
    purpose === 'appointments' ? { retryAt: retryAt && new Date().toISOString() } : null,
  )
}

const requestSync = async (
  changesOf: (calendar: SyncedCalendar) => SyncedCalendarChanges | null,
): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const link = await readLink(tenantDbOf(acting.viewer), linkKey(acting.viewer, 'member'))
  if (!link) return notLinked.member
  await requestRuns(acting.viewer, calendarsOf(link), changesOf)
  return { ok: true }
}

export const unlinkMyGoogle = async (): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  drainAfterResponse()
  return (await unlink(acting.viewer, 'member')) === 'unlinked' ? { ok: true } : notLinked.member
}
