'use server'

import { z } from 'zod'
import { clearTrouble } from '#db/queries/mappings/mappings.ts'
import { readBusinessCalendar, type SyncedCalendar, type SyncedCalendarChanges } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner } from '#lib/auth/viewer.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import type { Result } from '#lib/result.ts'
import { type SavedBusy, saveBusyCalendars } from './busy/save.ts'
import { businessBusyCalendarsSchema } from './busy/schema.ts'
import { notLinked } from './refusals.ts'
import { requestRuns, tryAgain } from './request-runs.ts'
import { type SavedCalendar, saveCalendarOf } from './save-calendar.ts'
import { chooseCalendarSchema } from './schema.ts'
import { unlink } from './unlink.ts'

/**
 * The owner's actions on Settings → Calendar. Each returns a result; requests to Google follow in a
 * job.
 */

type Denied = 'signed-out' | 'forbidden' | 'not-linked'
type Refused = Extract<Result<object, Denied | 'invalid'>, { ok: false }>

export const saveCalendar = async (input: unknown): Promise<SavedCalendar | Refused> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = chooseCalendarSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Choose one of the calendars.' }
  const saved = await saveCalendarOf(acting.viewer, 'business', parsed.data.calendarId)
  drainAfterResponse()
  return saved
}

/** Further calendars of the business account, and whom each of them blocks. */
export const saveBusinessBusyCalendars = async (input: unknown): Promise<SavedBusy | Refused> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = businessBusyCalendarsSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Tick who is blocked by each calendar.' }
  const saved = await saveBusyCalendars(acting.viewer, 'business', parsed.data)
  drainAfterResponse()
  return saved
}

/** Requests a run now, also where the calendar waits for a person. */
export const syncNow = async (): Promise<Result<object, Denied>> => requestSync(() => tryAgain)

/** The owner allows the next full read to remove most of the mirror. */
export const approveBulkDeletion = async (): Promise<Result<object, Denied>> =>
  requestSync(() => ({ ...tryAgain, bulkDeletionApproved: true }))

const requestSync = async (
  changesOf: (calendar: SyncedCalendar) => SyncedCalendarChanges,
): Promise<Result<object, Denied>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const calendar = await readBusinessCalendar(tenantDbOf(acting.viewer), acting.viewer.businessId)
  if (!calendar) return notLinked.business
  await requestRuns(acting.viewer, [calendar], changesOf)
  return { ok: true }
}

/** Retries an appointment that Google refused. */
export const retryAppointment = async (input: { appointmentId: string }): Promise<Result<object, Denied>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const { businessId } = acting.viewer
  const appointmentId = z.uuid().safeParse(input?.appointmentId).data
  if (appointmentId)
    await tenantDbOf(acting.viewer).transaction((tx) => clearTrouble(tx, { businessId, appointmentId }))
  // Ends the wait for the next attempt; a calendar that has none waits for a person.
  return requestSync(({ retryAt }) => ({ retryAt: retryAt && new Date().toISOString() }))
}

export const unlinkGoogle = async (): Promise<Result<object, Denied>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  drainAfterResponse()
  return (await unlink(acting.viewer)) === 'unlinked' ? { ok: true } : notLinked.business
}
