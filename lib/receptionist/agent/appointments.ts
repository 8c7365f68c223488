import { z } from 'zod'
import { type Answer, type Refused, refuse } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { isReferenceOf } from '../reference.ts'
import { notFound } from '../say/refusals.ts'
import { sayList, sayTime } from '../say/when.ts'
import {
  type AppointmentAnswer,
  type BookedAnswer,
  type ChangeRequest,
  cancelRequestSchema,
  changeRequestSchema,
  searchSchema,
} from '../schema.ts'
import { readAppointment, searchAppointments } from '../verbs/appointments.ts'
import { cancelAppointment } from '../verbs/cancel.ts'
import { changeAppointment } from '../verbs/change.ts'
import { parse } from './input.ts'
import { doneAppointment, foundAppointment, type ToolAnswer } from './present.ts'
import { callId, phone, said, wanted } from './times.ts'
import { instantOfSaid } from './wall-time.ts'
import { readWhere } from './where.ts'

export const searchInput = z.object({ phone, callId })

export const findAppointments = async (caller: Caller, input: z.infer<typeof searchInput>): Promise<ToolAnswer> => {
  const request = parse(searchSchema, input)
  if (!request.ok) return request
  const answer = await searchAppointments(caller, request.value)
  return answer.ok ? { ...answer, appointments: answer.appointments.map(foundAppointment) } : answer
}

/** Which appointment is meant. A reference finds nothing without the phone number. */
const target = {
  appointment: z.string().meta({ description: 'Its id' }).optional(),
  reference: z.string().optional(),
  phone: phone.meta({ description: 'It was booked with' }).optional(),
}

export const moveInput = z.object({
  ...target,
  ...said,
  duration: wanted.duration,
  member: wanted.member,
  callId,
})

export const move = async (
  caller: Caller,
  { appointment, reference, phone, date, weekday, time, ...input }: z.infer<typeof moveInput>,
): Promise<ToolAnswer> => {
  const where = await readWhere(caller)
  const at = instantOfSaid({ date, weekday, time }, where)
  if (!at.ok) return at
  const request = parse(changeRequestSchema, { ...input, start: at.start })
  if (!request.ok) return request
  const found = await findTarget(caller, { appointment, reference, phone }, where.zone)
  if (!found.ok) return found
  const answer = await change(caller, found.id, request.value)
  if (!answer.ok) return answer
  const { google, alreadyBooked: _, say, ...moved } = answer
  return { ok: true, say, appointment: doneAppointment(moved), google }
}

/** Changes the revision it reads; read once more if another change came first. */
const change = async (caller: Caller, id: string, request: ChangeRequest): Promise<Answer<BookedAnswer>> => {
  const first = await changeLatest(caller, id, request)
  return first.ok || first.code !== 'revision-mismatch' ? first : await changeLatest(caller, id, request)
}

const changeLatest = async (caller: Caller, id: string, request: ChangeRequest): Promise<Answer<BookedAnswer>> => {
  const current = await readAppointment(caller, id)
  return current.ok ? await changeAppointment(caller, { id, revision: current.revision }, request) : current
}

export const cancelInput = z.object({
  ...target,
  surname: z.string().optional(),
  phoneLast4: z.string().optional(),
  callId,
})

export const cancel = async (
  caller: Caller,
  { appointment, phone, callId, ...proof }: z.infer<typeof cancelInput>,
): Promise<ToolAnswer> => {
  if (Object.values(proof).every((fact) => fact === undefined)) return proofNeeded
  const request = parse(cancelRequestSchema, { proof, callId })
  if (!request.ok) return request
  const { zone } = await readWhere(caller)
  const found = await findTarget(caller, { appointment, phone, reference: proof.reference }, zone)
  if (!found.ok) return found
  const answer = await cancelAppointment(caller, found.id, request.value)
  if (!answer.ok) return answer
  const { say, ...cancelled } = answer
  return { ok: true, say, appointment: doneAppointment(cancelled) }
}

const proofNeeded = refuse(
  'proof-needed',
  'What is the reference, the surname, or the last four digits of the phone number it was booked with?',
)

type Target = { appointment?: string; reference?: string; phone?: string }
type Found = { ok: true; id: string } | (Refused & { appointments?: ReturnType<typeof foundAppointment>[] })

const findTarget = async (caller: Caller, { appointment, reference, phone }: Target, zone: string): Promise<Found> => {
  if (appointment !== undefined)
    return z.uuid().safeParse(appointment).success ? { ok: true, id: appointment } : notFound
  if (phone === undefined)
    return refuse('invalid', 'What is the phone number it was booked with?', {
      fields: { phone: 'Give the id of the appointment, or its phone number.' },
    })
  const request = parse(searchSchema, { phone })
  if (!request.ok) return request
  const answer = await searchAppointments(caller, request.value)
  if (!answer.ok) return answer
  if (reference !== undefined) return byReference(answer.appointments, reference)
  return caller.scopes.includes('customers:read') ? onlyOne(answer.appointments, zone) : referenceNeeded
}

/** A key that may not find customers must not learn what is booked for a phone number. */
const referenceNeeded = refuse('invalid', 'What is the reference of the appointment?', {
  fields: { reference: 'Give the reference, or the id of the appointment.' },
})

const byReference = (appointments: readonly AppointmentAnswer[], reference: string): Found => {
  const found = appointments.find(({ id }) => isReferenceOf(id, reference))
  return found ? { ok: true, id: found.id } : notFound
}

const onlyOne = (appointments: readonly AppointmentAnswer[], zone: string): Found => {
  const ahead = appointments.filter(({ status, end }) => status !== 'cancelled' && Date.parse(end) > Date.now())
  const [first, second] = ahead
  if (!first) return notFound
  if (!second) return { ok: true, id: first.id }
  const times = ahead.map(({ title, start }) => `${title}, ${sayTime(Date.parse(start), zone)}`)
  return { ...refuse('not-found', `Which one: ${sayList(times)}?`), appointments: ahead.map(foundAppointment) }
}
