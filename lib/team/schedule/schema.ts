import { z } from 'zod'
import { openingHoursSchema } from '#lib/business/schema.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { plainText } from '#lib/plain-text.ts'

/** Null: the opening hours of the business. */
export const workingHoursSchema = z.object({ memberId: z.uuid(), hours: openingHoursSchema.nullable() })

const wallTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/, 'Enter a date and a time.')
  .refine((text) => z.iso.date().safeParse(text.slice(0, 10)).success, 'Enter a date and a time.')
  .refine((text) => isSupportedYear(text.slice(0, 10)), yearSentence)

const lengthOf = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }) =>
  (Date.parse(`${endsAt}Z`) - Date.parse(`${startsAt}Z`)) / 86_400_000

/** Wall times of the business, the end exclusive. */
export const timeOffSchema = z
  .strictObject({
    startsAt: wallTime,
    endsAt: wallTime,
    repeats: z.enum(['never', 'weekly', 'yearly']),
    lastDate: z.iso.date('Choose a date.').nullable(),
    reason: plainText().max(200, 'Use at most 200 characters.'),
  })
  .superRefine((off, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const days = lengthOf(off)
    if (days <= 0) refuse('endsAt', 'The end must be after the start.')
    if (days > 366) refuse('endsAt', 'Time off lasts at most a year.')
    if (off.repeats === 'weekly' && days > 7) refuse('endsAt', 'Time off that repeats weekly lasts at most a week.')
    if (off.lastDate && off.lastDate < off.startsAt.slice(0, 10)) refuse('lastDate', 'This is before the start.')
  })
export type TimeOffFields = z.infer<typeof timeOffSchema>

export const answerSchema = z.union([z.enum(['keep', 'cancel']), z.object({ reassignTo: z.uuid() })])
export type Answer = z.infer<typeof answerSchema>

export const addTimeOffSchema = z.object({
  memberId: z.uuid(),
  fields: timeOffSchema,
  /** What to do with each appointment in that time, by its id. */
  answers: z.record(z.uuid(), answerSchema).default({}),
  /** Appointments without an answer are kept; else they are listed and nothing is saved. */
  keepOthers: z.boolean().default(false),
})

export const removeTimeOffSchema = z.object({ id: z.uuid() })

export type TimeOffEntry = TimeOffFields & { id: string; memberId: string }

/** An appointment in the time off, and the members who could take it. */
export type Affected = { id: string; title: string; start: string; end: string; takers: { id: string; name: string }[] }

export type ScheduleRefusal =
  | 'signed-out'
  | 'forbidden'
  | 'invalid'
  | 'not-found'
  | 'appointments'
  | 'too-many'
  | 'taken'
