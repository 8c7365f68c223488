import { z } from 'zod'
import { isBlank } from '#lib/blank-text.ts'
import { plainText } from '#lib/plain-text.ts'
import { codes } from './codes.ts'

/**
 * The shapes of the receptionist interface. They validate requests, and the OpenAPI document and
 * the tools of agents are made from them.
 */

const text = (max: number) => plainText().max(max, `Use at most ${max} characters.`)

const id = z.uuid()
const instant = z.iso
  .datetime({ offset: true, error: 'Give an ISO 8601 instant with an offset, such as 2026-11-26T14:00:00+11:00.' })
  .meta({ description: 'An instant with an offset.', example: '2026-11-26T14:00:00+11:00' })
const date = z.iso
  .date('Give a date as YYYY-MM-DD.')
  .meta({ description: 'A date in the zone of the business.', example: '2026-11-26' })
const duration = z
  .int('Give whole minutes.')
  .min(5, 'At least 5 minutes.')
  .max(480, 'At most 480 minutes.')
  .meta({ description: 'Minutes.', example: 60 })
const service = text(100).min(1).meta({ description: 'Id or name of a service.', example: 'Blocked drain' })
const member = text(100).min(1).meta({ description: 'Id or name of a member of the team, or `any`.', example: 'any' })
const phone = text(40).min(1).meta({ description: 'National or E.164.', example: '0412 345 678' })
const callId = text(200).min(1).meta({ description: 'Your id of the phone call.', example: 'call_8f3a' })

export const partSchema = z.enum(['morning', 'afternoon', 'evening'])

export const memberRefSchema = z.object({ id, name: z.string() }).meta({ id: 'Member' })

export const slotSchema = z
  .object({
    start: instant,
    end: instant,
    members: z.array(memberRefSchema),
    say: z.string().meta({ example: 'Thursday the 26th of November at 2 pm' }),
  })
  .meta({ id: 'Slot' })
export type SlotAnswer = z.infer<typeof slotSchema>

export const dayReasons = [
  'closed',
  'holiday',
  'full',
  'too-soon',
  'too-far',
  'no-staff-working',
  'no-staff-qualified',
  'google-unknown',
] as const

export const daySchema = z
  .object({
    date,
    weekday: z.string().meta({ example: 'Thursday' }),
    open: z.boolean(),
    reason: z.enum(dayReasons).nullable().meta({ description: 'Why the day has no time; null if it has.' }),
    say: z.string(),
  })
  .meta({ id: 'Day' })

export const googleSchema = z
  .object({
    state: z.enum(['fresh', 'checked-now', 'unknown', 'unlinked']),
    asOf: instant.nullable().meta({ description: 'When Google was last read.' }),
  })
  .meta({ id: 'GoogleState' })
export type GoogleAnswer = z.infer<typeof googleSchema>

export const contextQuerySchema = z.strictObject({ phone: phone.optional(), callId: callId.optional() })
export type ContextQuery = z.infer<typeof contextQuerySchema>

export const slotsQuerySchema = z.strictObject({
  service: service.optional(),
  duration: duration.optional(),
  from: date.optional(),
  to: date.optional(),
  member: member.default('any'),
  part: partSchema.optional(),
  limit: z.int().min(1).max(100).default(20),
})
export type SlotsQuery = z.infer<typeof slotsQuerySchema>

export const slotsSchema = z
  .object({ slots: z.array(slotSchema), days: z.array(daySchema), google: googleSchema, say: z.string() })
  .meta({ id: 'Slots' })
export type SlotsAnswer = z.infer<typeof slotsSchema>

/** What takes time: a service, or a length without one. */
const time = { start: instant, duration: duration.optional(), service: service.optional(), member: member.optional() }

const seconds = z.int().min(1).meta({ description: '30 to 600; more is capped. 300 if not given.', example: 300 })

export const holdRequestSchema = z
  .strictObject({ ...time, seconds: seconds.optional(), callId: callId.optional() })
  .refine(({ duration, service }) => duration !== undefined || service !== undefined, {
    error: 'Give a service or a duration.',
    path: ['service'],
  })
export type HoldRequest = z.infer<typeof holdRequestSchema>

export const holdChangeSchema = z.strictObject({ seconds })
export type HoldChange = z.infer<typeof holdChangeSchema>

export const holdSchema = z
  .object({ id, start: instant, end: instant, members: z.array(memberRefSchema), expiresAt: instant, say: z.string() })
  .meta({ id: 'Hold' })
export type HoldAnswer = z.infer<typeof holdSchema>

const name = text(200)
  .refine((value) => !isBlank(value), 'Give a name.')
  .meta({ example: 'Alex Taylor' })
const email = text(254).refine(
  (value) => value === '' || z.email().safeParse(value).success,
  'Give a full e-mail address.',
)

export const customerSchema = z.strictObject({ name, phone, email: email.optional() }).meta({ id: 'Customer' })

const details = {
  title: text(200).optional(),
  notes: text(5000).optional(),
  location: text(500).optional(),
}

const repeatSchema = z.strictObject({
  every: z.int('Give a whole number.').min(1, 'At least 1.').max(12, 'At most 12.').meta({ example: 2 }),
  unit: z.enum(['day', 'week', 'month']),
  times: z
    .int('Give a whole number.')
    .min(2, 'At least 2.')
    .max(52, 'At most 52.')
    .meta({ description: 'How many appointments, with the first; within 13 months.', example: 6 }),
})
export type RepeatRequest = z.infer<typeof repeatSchema>

export const unavailableDateSchema = z
  .object({ start: instant, reason: z.enum(dayReasons), say: z.string() })
  .meta({ id: 'UnavailableDate' })
export type UnavailableDate = z.infer<typeof unavailableDateSchema>

export const bookingRequestSchema = z
  .strictObject({
    hold: id.optional().meta({ description: 'A hold; its time, service and members are booked.' }),
    ...{ ...time, start: instant.optional() },
    ...details,
    customer: customerSchema,
    callId: callId.optional(),
    repeat: repeatSchema.optional().meta({ description: 'Books the same time again and again; not with a hold.' }),
    skipUnavailable: z
      .boolean()
      .optional()
      .meta({ description: 'With `repeat`: leave out the dates that cannot be booked, once the caller agreed.' }),
  })
  .superRefine(({ hold, start, duration, service, repeat }, context) => {
    if (hold !== undefined && repeat)
      context.addIssue({ code: 'custom', path: ['repeat'], message: 'Give a start instead of the hold.' })
    if (hold !== undefined) return
    if (start === undefined) context.addIssue({ code: 'custom', path: ['start'], message: 'Give a hold or a start.' })
    if (duration === undefined && service === undefined)
      context.addIssue({ code: 'custom', path: ['service'], message: 'Give a service or a duration.' })
  })
export type BookingRequest = z.infer<typeof bookingRequestSchema>

export const appointmentSchema = z
  .object({
    id,
    reference: z.string().meta({ description: 'Six characters that a caller can read out.', example: 'K7QF2M' }),
    revision: z.int(),
    status: z.enum(['booked', 'pending', 'cancelled']),
    start: instant,
    end: instant,
    title: z.string(),
    service: z.object({ id, name: z.string() }).nullable(),
    members: z.array(memberRefSchema),
    customer: z.object({ name: z.string(), phone: z.string(), email: z.string() }),
    notes: z.string(),
    location: z.string(),
    callId: z.string().nullable(),
  })
  .meta({ id: 'Appointment' })
export type AppointmentAnswer = z.infer<typeof appointmentSchema>

export const bookedSchema = appointmentSchema
  .extend({
    google: googleSchema,
    alreadyBooked: z.boolean().optional().meta({ description: 'It was booked before; nothing was done again.' }),
    repeat: z
      .object({
        booked: z.array(z.object({ id, reference: z.string(), start: instant, end: instant })),
        unavailable: z.array(unavailableDateSchema),
      })
      .optional()
      .meta({ description: 'Of a repetition: every date that was booked, the first included, and those left out.' }),
    say: z.string(),
  })
  .meta({ id: 'BookedAppointment' })
export type BookedAnswer = z.infer<typeof bookedSchema>

export const searchSchema = z.strictObject({ phone, callId: callId.optional() })
export type SearchRequest = z.infer<typeof searchSchema>
export const foundSchema = z
  .object({ appointments: z.array(appointmentSchema), say: z.string() })
  .meta({ id: 'FoundAppointments' })

export const changeRequestSchema = z.strictObject({
  start: instant.optional(),
  duration: duration.optional(),
  member: member.optional(),
  title: details.title,
  notes: details.notes,
  location: details.location,
  customer: z.strictObject({ name: name.optional(), phone: phone.optional(), email: email.optional() }).optional(),
  callId: callId.optional(),
})
export type ChangeRequest = z.infer<typeof changeRequestSchema>

export const proofSchema = z
  .strictObject({
    reference: text(20).min(1).optional(),
    surname: text(100).min(1).optional(),
    phoneLast4: z
      .string()
      .regex(/^\d{4}$/, 'Give four digits.')
      .optional(),
  })
  .refine((proof) => Object.values(proof).some((value) => value !== undefined), 'Give one of the three.')
export type Proof = z.infer<typeof proofSchema>

export const cancelRequestSchema = z.strictObject({ proof: proofSchema, callId: callId.optional() })
export type CancelRequest = z.infer<typeof cancelRequestSchema>
export const cancelledSchema = appointmentSchema.extend({ say: z.string() }).meta({ id: 'CancelledAppointment' })

export const messageRequestSchema = z.strictObject({
  name: text(200).default(''),
  phone,
  wish: text(2000).refine((value) => !isBlank(value), 'Say what the caller wants.'),
  service: service.optional(),
  callId: callId.optional(),
})
export type MessageRequest = z.infer<typeof messageRequestSchema>
export const messageSchema = z.object({ id, say: z.string() }).meta({ id: 'Message' })

export const contextSchema = z
  .object({
    business: z.string(),
    now: instant,
    today: date,
    weekday: z.string(),
    zone: z.string(),
    bookingAllowed: z.boolean(),
    google: googleSchema,
    days: z.array(z.object({ date, say: z.string().meta({ example: 'Thu 26 Nov, open 7 am to 3 pm' }) })),
    services: z.array(
      z.object({
        id,
        name: z.string(),
        otherNames: z.array(z.string()),
        durations: z.array(z.int()),
        price: z.string(),
        description: z.string(),
        outcome: z.enum(['book', 'pending', 'message']),
      }),
    ),
    members: z.array(memberRefSchema),
    appointments: z.array(appointmentSchema).meta({ description: 'The next appointments of `phone`, at most five.' }),
    say: z.string(),
  })
  .meta({ id: 'Context' })
export type ContextAnswer = z.infer<typeof contextSchema>

export const changesQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type ChangesQuery = z.infer<typeof changesQuerySchema>

export const changesSchema = z
  .object({
    changes: z.array(
      z.object({
        position: z.int(),
        at: instant,
        type: z.string().meta({ example: 'appointment.booked' }),
        id: id.nullable().meta({ description: 'Of the appointment, hold or message.' }),
        revision: z.int().nullable().meta({ description: 'Of the appointment after the change.' }),
      }),
    ),
    next: z.int().meta({ description: '`after` of the next request.' }),
  })
  .meta({ id: 'Changes' })
export type ChangesAnswer = z.infer<typeof changesSchema>

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    say: z.string().meta({ description: 'A sentence for the caller.' }),
    detail: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional().meta({ description: 'Field to what is wrong with it.' }),
    alternatives: z.array(slotSchema).optional(),
    unavailable: z.array(unavailableDateSchema).optional(),
  })
  .meta({ id: 'Problem' })
