import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Clash } from '#lib/availability/clash.ts'
import { isBlank } from '#lib/blank-text.ts'
import { locale } from '#lib/dates/locale.ts'
import { longestAppointment } from '#lib/dates/supported-span.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { plainText } from '#lib/plain-text.ts'
import type { SeriesMark } from '#lib/repeat/mark.ts'

/**
 * In one of several calendars. `name`: of the member, or of the calendar of the business. `none`: a
 * member's calendar does not have its event; `why` is empty where they unlinked it.
 */
export type CalendarMark = { name: string; memberId: string | null; state: MarkInCalendar['state']; why: string }

/**
 * Whether an appointment has reached Google; of several calendars the worst, with all of them. They
 * are absent where that of the business is the only one.
 */
export type SyncMark = MarkInCalendar & { calendars?: CalendarMark[] }

export type MarkInCalendar =
  /** No calendar is linked, or the appointment is past and was never sent. */
  | { state: 'none' }
  /** `htmlLink` is empty for an event in a calendar of another member. */
  | { state: 'in-google'; htmlLink: string }
  | { state: 'saving' }
  | { state: 'waiting'; since: string; why: string }
  | { state: 'needs-attention'; why: string; reason: 'rejected' | 'calendar' }
  /** `owner`: the member in whose own calendar it was; null for that of the business. */
  | { state: 'needs-attention'; why: string; reason: 'removed'; owner: string | null }

/** One appointment as every reader sees it. Instants are UTC, `YYYY-MM-DDTHH:mm:ssZ`. */
export type Appointment = AppointmentFields & {
  id: string
  serviceId: string | null
  status: 'booked' | 'cancelled'
  revision: number
  overlapAllowed: 'booked-anyway' | 'moved-in-google' | null
  removedInGoogle: boolean
  googleUnchecked: boolean
  /** Waits for a person to confirm it. */
  pending: boolean
  /** Booked with a key of the receptionist interface, and in which phone call. */
  byKey: boolean
  callId: string | null
  sync: SyncMark
  /** Current clashes with other appointments and with blocking Google events: the first ten. */
  clashes: Clash[]
  /** All of them, up to a thousand. */
  clashCount: number
  /** Only of a visit. */
  series?: SeriesMark
}

/** A locked Google occurrence. UTC instants, or dates with an exclusive end if `allDay`. */
export type Occurrence = {
  googleEventId: string
  title: string
  start: string
  end: string
  allDay: boolean
  blocks: boolean
  /** Stable code for why it does or does not block. */
  blocksWhy: 'busy' | 'free' | 'declined' | 'working-location' | 'birthday' | 'out-of-office' | 'focus-time'
  location: string
  description: string
  isPrivate: boolean
  recurring: boolean
  /** Members whom it blocks in any calendar, or would if it blocked; empty means everyone. */
  memberIds: string[]
  htmlLink: string
}

/**
 * A member is busy in a calendar of their own, and nothing more is known. UTC instants, or dates
 * with an exclusive end if `allDay`. `htmlLink` is empty for everyone else.
 */
export type BusyTime = { id: string; memberId: string; start: string; end: string; allDay: boolean; htmlLink: string }

/** A customer of an earlier appointment, with the details entered most recently. */
export type Customer = { name: string; phone: string; email: string; location: string }

/** A time that Sophiie keeps for a caller. Instants are UTC. */
export type Hold = { id: string; start: string; end: string; memberIds: string[]; expiresAt: string }

export type CalendarRange = { appointments: Appointment[]; occurrences: Occurrence[]; busy: BusyTime[]; holds: Hold[] }

/** Normalised, so that equal instants are equal strings. */
export const instant = z.iso
  .datetime({ offset: false, error: 'Give a date and a time.' })
  .refine((value) => isSupportedYear(value), { error: yearSentence, abort: true })
  .transform((value) => Temporal.Instant.from(value).toString())
const optionalText = (max: number) => plainText().max(max, `Use at most ${max.toLocaleString(locale)} characters.`)

/** Ends after it starts and lasts at most 14 days. */
const checkLength = ({ start, end }: { start: string; end: string }, context: z.RefinementCtx) => {
  const length = Date.parse(end) - Date.parse(start)
  if (length <= 0) context.addIssue({ code: 'custom', path: ['end'], message: 'The end must be after the start.' })
  if (length > longestAppointment)
    context.addIssue({ code: 'custom', path: ['end'], message: 'An appointment lasts at most 14 days.' })
}

/** The plain text fields: rows, forms and their empty values all derive from this list. */
const textSchema = z.object({
  title: plainText()
    .refine((value) => !isBlank(value), 'Give the appointment a title.')
    .max(200, 'Use at most 200 characters.'),
  location: optionalText(500).default(''),
  notes: optionalText(5000).default(''),
  customerName: optionalText(200).default(''),
  customerPhone: optionalText(40)
    .refine((value) => value === '' || /^\+?[\d\s().-]{5,}$/.test(value), 'Give a phone number, digits only.')
    .default(''),
  customerEmail: optionalText(254)
    .refine((value) => value === '' || z.email().safeParse(value).success, 'Give a full e-mail address.')
    .default(''),
})
type TextFields = z.infer<typeof textSchema>
export type TextField = keyof TextFields

export const emptyText: Readonly<TextFields> = {
  ...{ title: '', location: '', notes: '' },
  ...{ customerName: '', customerPhone: '', customerEmail: '' },
}

/** The text fields of a row or a form, and nothing else of it. */
export const textOf = (source: Readonly<TextFields>): TextFields => {
  const text = { ...emptyText }
  for (const name of textSchema.keyof().options) text[name] = source[name]
  return text
}

const assigneeIds = z.array(z.uuid()).max(50)

export const appointmentFieldsSchema = textSchema
  .extend({
    start: instant,
    end: instant,
    assigneeIds: assigneeIds.default([]),
    /** Null: without a service. Not given: as it was, for pages of the version before. */
    serviceId: z.uuid().nullable().optional(),
  })
  .superRefine(checkLength)
export type AppointmentFields = z.infer<typeof appointmentFieldsSchema>

const target = { id: z.uuid(), revision: z.int32().positive() }

/**
 * One change, from gesture to row. `revision` is the one that was on screen; if the row has
 * another, the answer is `changed-elsewhere`. The client chooses the ids of new appointments, so
 * that a repeated create makes one row.
 */
export const appointmentChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create'), id: z.uuid(), fields: appointmentFieldsSchema }),
  z.object({ kind: z.literal('edit'), ...target, fields: appointmentFieldsSchema }),
  z.object({ kind: z.literal('move'), ...target, start: instant, end: instant }).superRefine(checkLength),
  /**
   * Other assignees, and in the same change perhaps another time. Not an optional field of `move`,
   * of which a server of the version before would save only the time.
   */
  z
    .object({ kind: z.literal('reassign'), ...target, start: instant, end: instant, assigneeIds })
    .superRefine(checkLength),
  z.object({ kind: z.literal('cancel'), ...target }),
  /** Undoes a cancel. */
  z.object({ kind: z.literal('reinstate'), ...target }),
  /** Answers "Removed in Google Calendar"; the alternatives are `cancel` and other assignees. */
  z.object({ kind: z.literal('put-back'), ...target }),
  /** Confirms a pending appointment. */
  z.object({ kind: z.literal('confirm'), ...target }),
])
export type AppointmentChange = z.infer<typeof appointmentChangeSchema>

/** Whether the change can clash, so that the decision needs an up-to-date mirror. */
export const takesTime = ({ kind }: AppointmentChange) => kind !== 'cancel' && kind !== 'put-back' && kind !== 'confirm'

export type ChangeRefusal =
  | 'invalid'
  | 'not-found'
  | 'changed-elsewhere'
  | 'clash'
  | 'signed-out'
  | 'forbidden'
  | 'too-many-bookings'
  | 'too-many-occurrences'
