import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Clash } from '#lib/availability/clash.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { plainText } from '#lib/plain-text.ts'

/** How far an appointment has come with Google. */
export type SyncMark =
  /** No calendar is linked, or the appointment is past and was never sent. */
  | { state: 'none' }
  | { state: 'in-google'; htmlLink: string }
  | { state: 'saving' }
  | { state: 'waiting'; since: string; why: string }
  | { state: 'needs-attention'; why: string; reason: 'removed' | 'rejected' | 'connection' }

/** One appointment as every reader sees it. Instants are UTC, `YYYY-MM-DDTHH:mm:ssZ`. */
export type Appointment = {
  id: string
  title: string
  start: string
  end: string
  location: string
  notes: string
  customerName: string
  customerPhone: string
  customerEmail: string
  assigneeIds: string[]
  status: 'booked' | 'cancelled'
  revision: number
  overlapAllowed: 'booked-anyway' | 'moved-in-google' | null
  removedInGoogle: boolean
  googleUnchecked: boolean
  sync: SyncMark
  /** Present clashes with other appointments and blocking Google events. */
  clashes: Clash[]
}

/** A locked Google occurrence. `start`/`end` are UTC instants, or dates with an exclusive end when `allDay`. */
export type Occurrence = {
  googleEventId: string
  title: string
  start: string
  end: string
  allDay: boolean
  blocks: boolean
  /** Stable code of why it does or does not block. */
  blocksWhy: 'busy' | 'free' | 'declined' | 'working-location' | 'birthday' | 'out-of-office' | 'focus-time'
  location: string
  description: string
  isPrivate: boolean
  recurring: boolean
  /** Members who are guests; when empty it concerns everyone. */
  guestMemberIds: string[]
  htmlLink: string
}

/** Someone an earlier appointment was for, as it was last written. */
export type Customer = { name: string; phone: string; email: string; location: string }

export type CalendarRange = { appointments: Appointment[]; occurrences: Occurrence[] }

const maximumLength = 14 * 24 * 60 * 60 * 1000
/** Written one way, so that equal instants are equal text. */
const instant = z.iso
  .datetime({ offset: false, error: 'Give a date and a time.' })
  .refine((value) => isSupportedYear(value), { error: yearSentence, abort: true })
  .transform((value) => Temporal.Instant.from(value).toString())
const optionalText = (max: number) => plainText().max(max, `Use at most ${max.toLocaleString('en')} characters.`)

/** Ends after it starts, and lasts at most 14 days. */
const lasting = ({ start, end }: { start: string; end: string }, context: z.RefinementCtx) => {
  const length = Date.parse(end) - Date.parse(start)
  if (length <= 0) context.addIssue({ code: 'custom', path: ['end'], message: 'The end must be after the start.' })
  if (length > maximumLength)
    context.addIssue({ code: 'custom', path: ['end'], message: 'An appointment lasts at most 14 days.' })
}

export const appointmentFieldsSchema = z
  .object({
    title: plainText().min(1, 'Give the appointment a title.').max(200, 'Use at most 200 characters.'),
    start: instant,
    end: instant,
    location: optionalText(500).default(''),
    notes: optionalText(5000).default(''),
    customerName: optionalText(200).default(''),
    customerPhone: optionalText(40)
      .refine((value) => value === '' || /^\+?[\d\s().-]{5,}$/.test(value), 'Give a phone number, digits only.')
      .default(''),
    customerEmail: optionalText(254)
      .refine((value) => value === '' || z.email().safeParse(value).success, 'Give a full e-mail address.')
      .default(''),
    assigneeIds: z.array(z.uuid()).max(50).default([]),
  })
  .superRefine(lasting)
export type AppointmentFields = z.infer<typeof appointmentFieldsSchema>

const target = { id: z.uuid(), revision: z.number().int().positive() }

/**
 * One change, from gesture to row. `revision` is the one the person looked at; another one in the database is
 * answered with `changed-elsewhere`. Ids of new appointments come from the client, so a repeated create is one row.
 */
export const appointmentChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create'), id: z.uuid(), fields: appointmentFieldsSchema }),
  z.object({ kind: z.literal('edit'), ...target, fields: appointmentFieldsSchema }),
  z.object({ kind: z.literal('move'), ...target, start: instant, end: instant }).superRefine(lasting),
  z.object({ kind: z.literal('cancel'), ...target }),
  /** Undo of a cancel. */
  z.object({ kind: z.literal('reinstate'), ...target }),
  /** The answer "Put back" to "Removed in Google Calendar"; the other answer is `cancel`. */
  z.object({ kind: z.literal('put-back'), ...target }),
])
export type AppointmentChange = z.infer<typeof appointmentChangeSchema>

export type ChangeRefusal =
  | 'invalid'
  | 'not-found'
  | 'changed-elsewhere'
  | 'clash'
  | 'signed-out'
  | 'forbidden'
  | 'rate-limited'
