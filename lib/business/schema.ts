import { z } from 'zod'
import type { BusinessId } from '#db/business-id.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { plainText } from '#lib/plain-text.ts'
import { wholeNumber } from '#lib/whole-number.ts'

export type { BusinessId } from '#db/business-id.ts'

/** Wall-clock intervals 'HH:mm' by ISO weekday '1' (Monday) to '7'. */
export type OpeningHours = Record<string, { from: string; to: string }[]>

/** A date with its own hours; without any it is closed. */
export type OpeningException = {
  date: string
  hours: { from: string; to: string }[]
  note: string
  /** Taken over from the public holidays. */
  holiday?: boolean
}

export type BusinessSettings = {
  id: BusinessId
  name: string
  timeZone: string
  openingHours: OpeningHours
  /** At most one per date, sorted by date. */
  openingExceptions: OpeningException[]
  defaultMinutes: number
  staffSee: 'details' | 'busy'
  guestsOnGoogle: boolean
  guestlessBlocks: 'everyone' | 'linked-member'
  whenRemoved: 'ask' | 'cancel' | 'put-back'
  noticeMinutes: number
  horizonDays: number
  stepMinutes: number
  /** Per member; null: no limit. */
  mostPerDay: number | null
  /** `HH:mm`; null: today can be booked all day. */
  sameDayCutOff: string | null
  whenGoogleUnknown: 'refuse' | 'pending'
  /** Off: Sophiie and other agents change nothing. */
  receptionistMayBook: boolean
  /** Whether staff add and remove their own time off. */
  staffEditTimeOff: boolean
  /** `AU` or `AU-NSW`; null: none chosen. */
  holidayRegion: string | null
}

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** Accepts each IANA name that the runtime knows, including links such as `Asia/Calcutta`. */
export const isTimeZone = (zone: string) => zones.has(zone) || resolves(zone)

const resolves = (zone: string) => {
  try {
    return /^[A-Za-z]+(\/[\w+-]+)+$|^UTC$/.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Enter a time like 09:00.')

const byOpening = <T extends { from: string }>(hours: T[]) => [...hours].sort((a, b) => a.from.localeCompare(b.from))

/** The opening hours of a day in order, with breaks between them. */
const dayHours = z
  .array(z.object({ from: time, to: time }).refine((day) => day.from < day.to, 'Closing must be after opening.'))
  .max(4, 'A day can have at most four openings.')
  .transform(byOpening)
  .refine((hours) => hours.every((next, at) => at === 0 || (hours[at - 1]?.to ?? '') <= next.from), {
    error: 'These hours overlap.',
    when: ({ issues }) => issues.length === 0,
  })

export const openingHoursSchema = z
  .record(z.enum(['1', '2', '3', '4', '5', '6', '7']), dayHours)
  .transform((hours): OpeningHours => hours)

const openingExceptionsSchema = z
  .array(
    z.object({
      date: z.iso.date('Choose a date.').refine((date) => isSupportedYear(date), yearSentence),
      hours: dayHours,
      note: plainText().max(100, 'Use at most 100 characters.').default(''),
      holiday: z.boolean().optional(),
    }),
  )
  .max(400, 'There can be at most 400 days. Remove past ones first.')
  .superRefine((days, context) => {
    const seen = new Set<string>()
    days.forEach(({ date }, at) => {
      if (seen.has(date))
        context.addIssue({ code: 'custom', path: [at, 'date'], message: 'This date is already in the list.' })
      seen.add(date)
    })
  })
  .transform((days) => [...days].sort((a, b) => a.date.localeCompare(b.date)))

export const noticeMinutes = z
  .number('Enter a number of hours.')
  .int('Enter whole minutes.')
  .min(0, 'Enter 0 or more hours.')
  .max(14 * 24 * 60, 'Use at most 336 hours (14 days).')
export const horizonDays = wholeNumber(1, 365, 'days')

const nameSchema = plainText().min(1, 'Enter a name for the business.').max(100, 'Use at most 100 characters.')
const timeZoneSchema = z.string().refine(isTimeZone, 'Choose a time zone from the list, for example Australia/Sydney.')

export const newBusinessSchema = z.object({
  name: nameSchema,
  timeZone: timeZoneSchema,
  openingHours: openingHoursSchema,
})
export type NewBusiness = z.infer<typeof newBusinessSchema>

/** Minutes between two offered starts. */
export const slotSteps: readonly number[] = [5, 10, 15, 20, 30, 60]

/** Changes on Settings → Business; only the given fields change. */
export const businessChangesSchema = z
  .strictObject({
    name: nameSchema,
    timeZone: timeZoneSchema,
    openingHours: openingHoursSchema,
    openingExceptions: openingExceptionsSchema,
    defaultMinutes: z
      .number('Enter a number of minutes.')
      .int('Enter whole minutes.')
      .min(5, 'Use at least 5 minutes.')
      .max(24 * 60, 'Use at most 24 hours.'),
    staffSee: z.enum(['details', 'busy']),
    guestsOnGoogle: z.boolean(),
    guestlessBlocks: z.enum(['everyone', 'linked-member']),
    whenRemoved: z.enum(['ask', 'cancel', 'put-back']),
    noticeMinutes,
    horizonDays,
    stepMinutes: z.number().refine((step) => slotSteps.includes(step), 'Choose a step from the list.'),
    mostPerDay: wholeNumber(1, 100, 'appointments').nullable(),
    sameDayCutOff: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time like 15:00.')
      .nullable(),
    whenGoogleUnknown: z.enum(['refuse', 'pending']),
    receptionistMayBook: z.boolean(),
    staffEditTimeOff: z.boolean(),
    holidayRegion: z
      .string()
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,4})?$/, 'Choose a country from the list.')
      .nullable(),
  })
  .partial()
export type BusinessChanges = z.infer<typeof businessChangesSchema>

/** `businessId`: the business of the page, refused if another one was chosen since. */
export const saveBusinessSchema = z.object({ businessId: z.uuid(), changes: businessChangesSchema })

export const defaultOpeningHours: OpeningHours = Object.fromEntries(
  ['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, Number(day) < 6 ? [{ from: '08:00', to: '17:00' }] : []]),
)
