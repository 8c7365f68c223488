import { z } from 'zod'
import { readHold } from '#db/queries/receptionist/holds.ts'
import { type Refused, refuse } from '../answer.ts'
import { dbOf } from '../booking/asking.ts'
import type { Caller } from '../caller.ts'
import { sayTime } from '../say/when.ts'
import { type BookingRequest, bookingRequestSchema, messageRequestSchema } from '../schema.ts'
import { bookOneOrMore } from '../verbs/book-repeated.ts'
import { leaveMessage } from '../verbs/messages.ts'
import { type Parsed, parse } from './input.ts'
import { doneAppointment, spelled, type ToolAnswer, withWallTime } from './present.ts'
import { callId, phone, said, wanted } from './times.ts'
import { instantOfSaid, type Where } from './wall-time.ts'
import { readWhere } from './where.ts'

export const bookInput = z.object({
  hold: z.string().meta({ description: 'From hold_time' }).optional(),
  date: said.date.optional(),
  weekday: said.weekday.optional(),
  time: said.time.optional(),
  ...wanted,
  name: z.string(),
  phone,
  email: z.string().optional(),
  title: z.string().optional(),
  notes: z.string().optional(),
  location: z.string().optional(),
  repeat: z
    .object({ every: z.number(), unit: z.enum(['day', 'week', 'month']), times: z.number() })
    .partial()
    .optional(),
  skipUnavailable: z.boolean().optional(),
  callId,
})
type Input = z.infer<typeof bookInput>

export const book = async (caller: Caller, input: Input): Promise<ToolAnswer> => {
  const where = await readWhere(caller)
  const request = requestOf(input, where)
  if (!request.ok) return request
  const other = await otherTime(caller, request.value, where)
  if (other) return other
  const answer = await bookOneOrMore(caller, request.value)
  if (!answer.ok) return answer
  const { google, alreadyBooked, say, repeat, ...appointment } = answer
  return {
    ...{ ok: true, say: `${say} The reference is ${spelled(answer.reference)}.` },
    appointment: doneAppointment(appointment),
    ...{ google, ...(alreadyBooked && { alreadyBooked }) },
    ...(repeat && { repeat: { ...repeat, booked: repeat.booked.map(withWallTime) } }),
  }
}

/** With a hold, the time is only compared, if all of it is given. */
const requestOf = (input: Input, where: Where): Parsed<BookingRequest> => {
  const { date, weekday, time, name, phone, email, ...rest } = input
  const customer = { name, phone, email }
  const isWhole = date !== undefined && weekday !== undefined && time !== undefined
  if (isWhole) {
    const at = instantOfSaid({ date, weekday, time }, where)
    return at.ok ? parse(bookingRequestSchema, { ...rest, start: at.start, customer }) : at
  }
  if (rest.hold !== undefined) return parse(bookingRequestSchema, { ...rest, customer })
  return parse(z.object(said), { date, weekday, time }) as Refused
}

/** A hold of another time than the one given would book a time that the caller does not expect. */
const otherTime = async (caller: Caller, { hold: id, start }: BookingRequest, { zone }: Where) => {
  if (id === undefined || start === undefined) return null
  const { businessId } = caller
  const hold = await readHold(dbOf(caller), { businessId, id })
  if (!hold || hold.apiKeyId !== caller.keyId || Date.parse(hold.startsAt) === Date.parse(start)) return null
  const [held, asked] = [hold.startsAt, start].map((instant) => sayTime(Date.parse(instant), zone))
  return refuse('invalid', `I am holding ${held}, not ${asked}. Which one would you like?`, {
    fields: { hold: 'It is of another time. Give the hold alone, or hold the other time first.' },
  })
}

export const messageInput = z.object({
  name: z.string().optional(),
  phone,
  wish: z.string(),
  service: wanted.service,
  callId,
})

export const takeMessage = async (caller: Caller, input: z.infer<typeof messageInput>): Promise<ToolAnswer> => {
  const request = parse(messageRequestSchema, input)
  return request.ok ? await leaveMessage(caller, request.value) : request
}
