'use server'
import { randomUUID } from 'node:crypto'
import { refresh } from 'next/cache'
import { Temporal } from 'temporal-polyfill'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, actingViewer } from '#lib/auth/viewer.ts'
import type { OpeningHours } from '#lib/business/schema.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { invalidFields, type Result } from '#lib/result.ts'
import * as mutations from './mutations.ts'
import {
  addTimeOffSchema,
  removeTimeOffSchema,
  type ScheduleRefusal,
  type TimeOffEntry,
  workingHoursSchema,
} from './schema.ts'

const by = ({ businessId, memberId, role }: Viewer) => ({ businessId, memberId, role })

/** Saving `before` undoes the change. */
export const setWorkingHours = async (
  input: unknown,
): Promise<Result<{ before: OpeningHours | null }, ScheduleRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = workingHoursSchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  refresh()
  return mutations.setWorkingHours(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data)
}

/**
 * Nothing is saved while an appointment in that time has no answer: `affected` lists those. Staff
 * add their own only.
 */
export const addTimeOff = async (input: unknown): Promise<mutations.TimeOffResult> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = addTimeOffSchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const off = { ...parsed.data, id: randomUUID(), now: Temporal.Now.instant().toString() }
  const added = await orTooMany(() => mutations.addTimeOff(tenantDbOf(acting.viewer), by(acting.viewer), off))
  if (!added.ok) return { ok: false, code: 'too-many', message: added.message }
  if (added.value.ok) {
    refresh()
    drainAfterResponse()
  }
  return added.value
}

/** Adding `removed` again undoes the removal. */
export const removeTimeOff = async (input: unknown): Promise<Result<{ removed: TimeOffEntry }, ScheduleRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = removeTimeOffSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  refresh()
  return mutations.removeTimeOff(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data.id)
}
