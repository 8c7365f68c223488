import { z } from 'zod'
import type { Refused } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { contextQuerySchema, holdRequestSchema, partSchema, slotsQuerySchema } from '../schema.ts'
import { readContext } from '../verbs/context.ts'
import { holdTime } from '../verbs/holds.ts'
import { findSlots } from '../verbs/slots.ts'
import { parse } from './input.ts'
import { foundAppointment, sayChoice, type ToolAnswer, withWallTime } from './present.ts'
import { dayOfSaid, instantOfSaid, type Where } from './wall-time.ts'
import { readWhere } from './where.ts'

const text = (description?: string) => z.string().meta(description ? { description } : {})

export const callId = text().optional()
export const phone = text()

/** Taken by every tool that names a time. */
export const said = {
  date: text('YYYY-MM-DD'),
  weekday: text('In English'),
  time: text('HH:mm or 2:30 pm'),
}

/** What takes time. */
export const wanted = {
  service: text().optional(),
  duration: z.number().meta({ description: 'Minutes' }).optional(),
  member: text('Name or any').optional(),
}

export const contextInput = z.object({ phone: phone.optional(), callId })

export const getContext = async (caller: Caller, input: z.infer<typeof contextInput>): Promise<ToolAnswer> => {
  const query = parse(contextQuerySchema, input)
  if (!query.ok) return query
  const answer = await readContext(caller, query.value)
  return answer.ok ? { ...answer, appointments: answer.appointments.map(foundAppointment) } : answer
}

export const findInput = z.object({
  ...wanted,
  from: text('YYYY-MM-DD, else today').optional(),
  weekday: text('Of from').optional(),
  to: text('YYYY-MM-DD, else 7 days').optional(),
  part: partSchema.optional(),
  limit: z.number().optional(),
  callId,
})

export const findTimes = async (
  caller: Caller,
  { callId: _, weekday, ...input }: z.infer<typeof findInput>,
): Promise<ToolAnswer> => {
  const where = await readWhere(caller)
  const wrong = wrongDay({ ...input, weekday }, where)
  if (wrong) return wrong
  const query = parse(slotsQuerySchema, input)
  if (!query.ok) return query
  const answer = await findSlots(caller, query.value)
  if (!answer.ok) return answer
  const say = sayChoice(answer.slots, where.zone) || answer.say
  return { ...answer, say, slots: answer.slots.map(withWallTime) }
}

type Days = { from?: string; to?: string; weekday?: string }

const wrongDay = ({ from, to, weekday }: Days, { today }: Where): Refused | null => {
  const first = from === undefined ? null : dayOfSaid({ date: from, weekday }, today, 'from')
  if (first && !first.ok) return first
  const last = to === undefined ? null : dayOfSaid({ date: to }, today, 'to')
  return last && !last.ok ? last : null
}

export const holdInput = z.object({
  ...said,
  ...wanted,
  seconds: z.number().meta({ description: '30 to 600' }).optional(),
  callId,
})

export const holdSaidTime = async (
  caller: Caller,
  { date, weekday, time, ...input }: z.infer<typeof holdInput>,
): Promise<ToolAnswer> => {
  const at = instantOfSaid({ date, weekday, time }, await readWhere(caller))
  if (!at.ok) return at
  const request = parse(holdRequestSchema, { ...input, start: at.start })
  if (!request.ok) return request
  const answer = await holdTime(caller, request.value)
  return answer.ok ? { ...withWallTime(answer), hold: answer.id } : answer
}
