'use server'
import { z } from 'zod'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import type { Result } from '#lib/result.ts'
import { type ActivityLines, activityContextOf, filterOf, readLines } from './read.ts'

const schema = z.object({ appointmentId: z.uuid(), before: z.number().int().positive().optional() })

/** The history of one appointment, newest first. Every member of the business may read it. */
export const historyOfAppointment = async (
  input: unknown,
): Promise<Result<ActivityLines & { timeZone: string }, 'signed-out' | 'invalid'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = schema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'This appointment does not exist.' }
  const { businessId, timeZone } = acting.viewer
  const db = tenantDbOf(acting.viewer)
  const context = await activityContextOf(db, { businessId, timeZone })
  const filter = filterOf(businessId, { appointment: parsed.data.appointmentId })
  const lines = await readLines(db, { filter, context, before: parsed.data.before, limit: 30 })
  return { ok: true, ...lines, timeZone }
}
