'use server'

import { z } from 'zod'
import { clearTrouble } from '#db/queries/mappings/mappings.ts'
import { readLink } from '#db/queries/sync/accounts.ts'
import { readBusinessCalendar, type SyncedCalendar, type SyncedCalendarChanges } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner } from '#lib/auth/viewer.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import type { Result } from '#lib/result.ts'
import { listCalendars } from './choices.ts'
import { type Chosen, chooseCalendar } from './choose.ts'
import { requestRuns, tryAgain } from './request-runs.ts'
import { chooseCalendarSchema } from './schema.ts'
import { unlink } from './unlink.ts'

/**
 * The owner's actions on Settings → Calendar. Each returns a result; requests to Google follow in a
 * job.
 */

type Denied = 'signed-out' | 'forbidden' | 'not-linked'
type Save = Chosen | Result<object, Denied | 'invalid' | 'not-writable' | 'unreachable'>

const notLinked = { ok: false, code: 'not-linked', message: 'No Google account is linked.' } as const

/** Reads the calendar list again: only a calendar that the account may write is accepted. */
export const saveCalendar = async (
  input: unknown,
): Promise<Extract<Save, { calendarName: string }> | Extract<Save, { ok: false }>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = chooseCalendarSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Choose one of the calendars.' }
  const db = tenantDbOf(acting.viewer)
  const link = await readLink(db, { businessId: acting.viewer.businessId, memberId: null })
  if (!link) return notLinked
  const list = await listCalendars(calendarApi(tokenOf(db, link.account.id)))
  if (!list.ok)
    return {
      ok: false,
      code: 'unreachable',
      message: 'Google did not answer, so nothing was saved. Try again.',
    }
  const choice = list.data.find((calendar) => calendar.id === parsed.data.calendarId)
  if (!choice || choice.disabledBecause)
    return {
      ok: false,
      code: 'not-writable',
      message: choice?.disabledBecause ?? 'That calendar is no longer there.',
    }
  drainAfterResponse()
  return chooseCalendar(acting.viewer, choice)
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
  if (!calendar) return notLinked
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
  return (await unlink(acting.viewer)) === 'unlinked' ? { ok: true } : notLinked
}
