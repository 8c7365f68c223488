import { z } from 'zod'
import { horizonDays, noticeMinutes } from '#lib/business/schema.ts'
import { plainText } from '#lib/plain-text.ts'
import { wholeNumber } from '#lib/whole-number.ts'

/** What can be booked. Durations, gaps and notice are minutes. */
export type Service = ServiceFields & { id: string }

/** The part of a service that the appointment form needs. */
export type OfferedService = Pick<
  Service,
  'id' | 'name' | 'durations' | 'memberIds' | 'gapBefore' | 'gapAfter' | 'people' | 'price' | 'outcome'
> & {
  /** Deleted or inactive: shown on the appointments made with it, but not offered. */
  offered: boolean
}

const isUnique = <T>(values: readonly T[]) => new Set(values).size === values.length

const gap = wholeNumber(0, 240, 'minutes')
export const serviceFieldsSchema = z.strictObject({
  name: plainText().min(1, 'Enter a name.').max(100, 'Use at most 100 characters.'),
  otherNames: z
    .array(plainText().min(1).max(100, 'Use at most 100 characters for each name.'))
    .max(20, 'Use at most 20 other names.'),
  durations: z
    .array(wholeNumber(5, 480, 'minutes'))
    .min(1, 'Enter at least one length.')
    .max(20, 'Use at most 20 lengths.')
    .refine(isUnique, 'Enter each length once.'),
  gapBefore: gap,
  gapAfter: gap,
  noticeMinutes: noticeMinutes.nullable(),
  horizonDays: horizonDays.nullable(),
  memberIds: z.array(z.uuid()).min(1, 'Choose at least one member.').max(50).nullable(),
  people: wholeNumber(1, 20, 'people'),
  price: plainText().max(100, 'Use at most 100 characters.'),
  description: plainText().max(1000, 'Use at most 1,000 characters.'),
  active: z.boolean(),
  outcome: z.enum(['book', 'pending', 'message']),
})
export type ServiceFields = z.infer<typeof serviceFieldsSchema>

export const emptyService: ServiceFields = {
  ...{ name: '', otherNames: [], durations: [60], gapBefore: 0, gapAfter: 0 },
  ...{ noticeMinutes: null, horizonDays: null, memberIds: null, people: 1 },
  ...{ price: '', description: '', active: true, outcome: 'book' },
}

/** The business of the page; refused if another one was chosen since. */
const page = { businessId: z.uuid() }

const addServiceSchema = z.object({ ...page, id: z.null(), fields: serviceFieldsSchema })
/** Only the given fields change. */
const changeServiceSchema = z.object({ ...page, id: z.uuid(), fields: serviceFieldsSchema.partial() })

/** Without an id it adds a service. Not a union: its errors would not name the fields. */
export const parseSaveService = (input: unknown) =>
  (input as { id?: unknown } | null | undefined)?.id === null
    ? addServiceSchema.safeParse(input)
    : changeServiceSchema.safeParse(input)

/** Deletes a service, or brings a deleted one back. */
export const deleteServiceSchema = z.object({ ...page, id: z.uuid(), deleted: z.boolean() })

export type ServiceRefusal = 'signed-out' | 'forbidden' | 'invalid' | 'other-business' | 'not-found' | 'name-taken'
