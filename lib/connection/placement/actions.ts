'use server'
import { refresh } from 'next/cache'
import type { AppointmentsGo } from '#db/schema/business.ts'

import { actingOwner } from '#lib/auth/viewer.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import type { Result } from '#lib/result.ts'
import { saveAppointmentsGo } from './save.ts'
import { appointmentsGoSchema } from './schema.ts'

/** Returns what was chosen before, for Undo. */
export const setAppointmentsGo = async (
  input: unknown,
): Promise<Result<{ before: AppointmentsGo }, 'signed-out' | 'forbidden' | 'invalid'>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = appointmentsGoSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Choose where appointments go.' }
  const before = await saveAppointmentsGo(acting.viewer, parsed.data.appointmentsGo)
  drainAfterResponse()
  refresh()
  return { ok: true, before }
}
