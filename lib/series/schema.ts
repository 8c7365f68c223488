import { z } from 'zod'
import { type Appointment, type AppointmentFields, appointmentFieldsSchema, instant } from '#lib/appointments/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { longestAppointment } from '#lib/dates/supported-span.ts'
import { type Repeat, repeatSchema } from '#lib/repeat/repeat.ts'
import type { Refusal, Result } from '#lib/result.ts'
import { mostVisits, type WallTime } from './dates.ts'

/** What is in the way of a visit, the first of it in this order; `free` is nothing. */
export type DateState = 'free' | 'clash' | 'holiday' | 'closed' | 'away' | 'google-unknown'

/** One date of a series, before it is saved. Instants are UTC. */
export type PreviewDate = {
  /** Wall time that the rule gives; choices are keyed by it. */
  originalStart: WallTime
  start: string
  end: string
  state: DateState
  /** With `clash`: the first three, and how many there are. */
  clashes: Clash[]
  clashCount: number
  /** With `clash`: the gap that is missing, if nothing overlaps. */
  gapMinutes?: number
  /** The free time closest to it: of that day, or else within seven days. */
  nearest: { start: string; end: string } | null
}

const times = z
  .object({ start: instant, end: instant })
  .refine(({ start, end }) => start < end && Date.parse(end) - Date.parse(start) <= longestAppointment, {
    error: 'The end must be after the start.',
    path: ['end'],
  })

const wallTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)

/** For a date that is not free: leave it out, book it all the same, or at another time. */
const choiceSchema = z.union([z.literal('skip'), z.literal('anyway'), times])
export type Choice = z.infer<typeof choiceSchema>

const choicesSchema = z
  .record(wallTime, choiceSchema)
  .refine((choices) => Object.keys(choices).length <= mostVisits, 'There are too many choices.')
  .default({})
export type Choices = Readonly<Record<WallTime, Choice>>

export const scopeSchema = z.enum(['following', 'all'])
export type Scope = z.infer<typeof scopeSchema>

/** The visit on which a person acts, and the revision of the series that was on screen. */
const target = { seriesId: z.uuid(), appointmentId: z.uuid(), scope: scopeSchema }

export const previewSeriesSchema = z.object({
  repeat: repeatSchema,
  fields: appointmentFieldsSchema,
  /** Of a series that exists: what the same edit would do. */
  change: z.object({ ...target, includeChanged: z.boolean().default(false) }).optional(),
  /** A single appointment that becomes the first visit. */
  appointmentId: z.uuid().optional(),
})
export type PreviewSeriesInput = {
  repeat: Repeat
  fields: AppointmentFields
  change?: { seriesId: string; appointmentId: string; scope: Scope; includeChanged?: boolean }
  appointmentId?: string
}

export const createSeriesSchema = z.object({
  /** Chosen by the client, so that a repeated call makes one series. */
  id: z.uuid(),
  repeat: repeatSchema,
  fields: appointmentFieldsSchema,
  choices: choicesSchema,
  /** Of the first visit that is booked. */
  firstAppointmentId: z.uuid(),
  /** That is a single appointment, as it was on screen. */
  existing: z.object({ revision: z.int32().positive() }).optional(),
})
export type CreateSeriesInput = {
  id: string
  repeat: Repeat
  fields: AppointmentFields
  choices?: Choices
  firstAppointmentId: string
  existing?: { revision: number }
}

export const seriesEditSchema = z.discriminatedUnion('kind', [
  /** What differs from the visit as it is now is changed; `repeat` only if the rule changes. */
  z.object({ kind: z.literal('edit'), fields: appointmentFieldsSchema, repeat: repeatSchema.optional() }),
  z.object({ kind: z.literal('move'), start: instant, end: instant }),
  z.object({
    ...{ kind: z.literal('reassign'), start: instant, end: instant },
    assigneeIds: z.array(z.uuid()).max(50),
  }),
  z.object({ kind: z.literal('repeat'), repeat: repeatSchema }),
  z.object({ kind: z.literal('cancel') }),
])
export type SeriesEdit =
  | { kind: 'edit'; fields: AppointmentFields; repeat?: Repeat }
  | { kind: 'move'; start: string; end: string }
  | { kind: 'reassign'; start: string; end: string; assigneeIds: string[] }
  | { kind: 'repeat'; repeat: Repeat }
  | { kind: 'cancel' }

export const changeSeriesSchema = z.object({
  ...target,
  change: seriesEditSchema,
  choices: choicesSchema,
  /** Changes visits that were changed one by one as well. */
  includeChanged: z.boolean().default(false),
  /** The revision of the series that was on screen. */
  revision: z.int32().positive(),
})
export type ChangeSeriesInput = {
  seriesId: string
  appointmentId: string
  scope: Scope
  change: SeriesEdit
  choices?: Choices
  includeChanged?: boolean
  revision: number
}

export const undoSchema = z.object({ operationId: z.uuid() })

const visitKey = { seriesId: z.uuid(), originalStart: wallTime }
export const bookVisitSchema = z.object({ ...visitKey, ...times.shape, bookAnyway: z.boolean().default(false) })
export type BookVisitInput = {
  seriesId: string
  originalStart: WallTime
  start: string
  end: string
  bookAnyway?: boolean
}
export const skipVisitSchema = z.object(visitKey)
export const moveOfferSchema = z.object({
  appointmentId: z.uuid(),
  following: z.boolean(),
  choices: choicesSchema,
})
export type MoveOfferInput = { appointmentId: string; following: boolean; choices?: Choices }

/** A series as the form shows it. */
export type SeriesDetails = {
  id: string
  revision: number
  repeat: Repeat
  /** Wall time of the first visit. */
  startsAt: WallTime
  words: string
  /** The last date, or null if it never ends. */
  endsAt: string | null
  /** How many upcoming visits, from the one asked about on and of all, were changed one by one. */
  changed: { following: number; all: number }
  upcoming: { following: number; all: number }
  /** Its booked visits, in order. */
  visits: { appointmentId: string; start: string; end: string }[]
}

export type { MoveOffer, VisitThatNeedsATime } from '#lib/repeat/to-do-schema.ts'

export type SeriesRefusal =
  | 'invalid'
  | 'not-found'
  | 'changed-elsewhere'
  | 'dates-taken'
  | 'nothing-upcoming'
  | 'signed-out'
  | 'rate-limited'
  | 'too-many-bookings'
  | 'too-many-occurrences'

export type SeriesPreview = {
  /** Dates that take new time; every date of a new series. */
  dates: PreviewDate[]
  words: string
  /** The last date of the rule, or null if it never ends. */
  endsAt: string | null
}

export type PreviewAnswer = Result<SeriesPreview, SeriesRefusal>

/**
 * With `dates-taken`: the dates as they are now. `current`: the appointment that was to become the
 * first visit, as it is now.
 */
export type SeriesRefused = Refusal<SeriesRefusal> & { preview?: SeriesPreview; current?: Appointment }

export type CreateSeriesAnswer =
  | {
      ok: true
      seriesId: string
      words: string
      booked: number
      skipped: number
      /** Null if the call was a repetition, or nothing was booked. */
      operationId: string | null
      first: Appointment | null
    }
  | SeriesRefused

export type ChangeSeriesAnswer =
  | {
      ok: true
      /** The series that the changed visits are in now. */
      seriesId: string
      operationId: string
      changed: number
      cancelled: number
      booked: number
      /** Changed one by one before, and left as they are. */
      kept: number
    }
  | SeriesRefused

export type UndoAnswer = Result<
  {
    restored: number
    /** Changed since, and left as they are. */
    kept: number
    /** The former time is taken by now, so that they need a time or stay where they are. */
    taken: number
  },
  SeriesRefusal
>

/** Without counts if the others stay where they are. `operationId`: null if answered before. */
export type MoveOfferAnswer = ChangeSeriesAnswer | { ok: true; seriesId: string; operationId: string | null }

/** `operationId` is null if the call was a repetition. */
export type VisitAnswer =
  | { ok: true; appointment: Appointment | null; operationId: string | null }
  | (Refusal<SeriesRefusal | 'clash'> & { clashes?: Clash[]; clashCount?: number })
