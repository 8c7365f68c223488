import { z } from 'zod'
import type { BusinessId } from '#db/business-id.ts'

export type { BusinessId } from '#db/business-id.ts'

export type Role = 'owner' | 'staff'

/** Who asks, read from the database on every request. */
export type Viewer = {
  userId: string
  memberId: string
  businessId: BusinessId
  businessName: string
  timeZone: string
  name: string
  email: string
  role: Role
}

export type Member = {
  id: string
  name: string
  email: string
  role: Role
  /** 1–8, an index into the palette. */
  colour: number
  active: boolean
}

/** Wall-clock intervals 'HH:mm' by ISO weekday '1' (Monday) to '7'. */
export type OpeningHours = Record<string, { from: string; to: string }[]>

export type BusinessSettings = {
  id: BusinessId
  name: string
  timeZone: string
  openingHours: OpeningHours
  defaultMinutes: number
  staffSee: 'details' | 'busy'
  guestsOnGoogle: boolean
  guestlessBlocks: 'everyone' | 'linked-member'
  whenRemoved: 'ask' | 'cancel' | 'put-back'
}

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** Accepts every IANA name the runtime knows, also links such as `Asia/Calcutta`. */
export const isTimeZone = (zone: string) => zones.has(zone) || resolves(zone)

const resolves = (zone: string) => {
  try {
    return (
      /^[A-Za-z]+(\/[\w+-]+)+$|^UTC$/.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
    )
  } catch {
    return false
  }
}

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Use a time like 09:00.')

export const openingHoursSchema = z.record(
  z.enum(['1', '2', '3', '4', '5', '6', '7']),
  z
    .array(
      z.object({ from: time, to: time }).refine((day) => day.from < day.to, 'Closing must be after opening.'),
    )
    .max(4),
)

export const newBusinessSchema = z.object({
  name: z.string().trim().min(1, 'Give the business a name.').max(100, 'Use at most 100 characters.'),
  timeZone: z.string().refine(isTimeZone, 'Choose a time zone from the list, for example Australia/Sydney.'),
  openingHours: openingHoursSchema,
})
export type NewBusiness = z.infer<typeof newBusinessSchema>

export const defaultOpeningHours: OpeningHours = Object.fromEntries(
  ['1', '2', '3', '4', '5', '6', '7'].map((day) => [
    day,
    Number(day) < 6 ? [{ from: '08:00', to: '17:00' }] : [],
  ]),
)
