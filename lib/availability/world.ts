import type { Interval } from './intervals.ts'

/**
 * Everything that decides availability. Instants are epoch milliseconds; wall times are the epoch
 * milliseconds that the same date and time would have in UTC.
 */
export type World = {
  now: number
  /** IANA zone of the business. */
  zone: string
  rules: Rules
  week: WeekHours
  /** Dates that differ from the week, at most one entry per date. */
  exceptions: readonly DayHours[]
  /** Active members in the order of the team. */
  members: readonly WorkingMember[]
  booked: readonly Booked[]
  /** Google events that block; without member ids they block everyone. */
  occurrences: readonly (Interval & { id: string; memberIds: readonly string[] })[]
}

/** Wall-clock spans 'HH:mm' by ISO weekday; `24:00` ends a day. */
export type WeekHours = Readonly<Record<string, readonly { from: string; to: string }[]>>

/** The hours of one date; without any it is closed. */
export type DayHours = {
  date: string
  hours: readonly { from: string; to: string }[]
  note?: string
  holiday?: boolean
}

export type Rules = {
  noticeMinutes: number
  /** The last bookable date is this many days after today. */
  horizonDays: number
  /** Starts are multiples of it since midnight, in wall time. */
  stepMinutes: number
  /** Most appointments that start on one day, per member; null is no limit. */
  mostPerDay: number | null
  /** From this wall time on, today cannot be booked any more. */
  sameDayCutOff: string | null
  whenGoogleUnknown: 'refuse' | 'pending'
}

export type WorkingMember = {
  id: string
  /** Null: the opening hours of the business. */
  hours: WeekHours | null
  timeOff: readonly TimeOff[]
  /** `unlinked`: there is no calendar to ask. */
  google: 'fresh' | 'unknown' | 'unlinked'
}

/** Wall times, the end exclusive. Repetitions that start after the day `lastDay` do not happen. */
export type TimeOff = Interval & { id: string; repeats: 'never' | 'weekly' | 'yearly'; lastDay: number | null }

/** An appointment, or a time held for a caller. */
export type Booked = Interval & Gaps & { id: string; kind: 'appointment' | 'hold'; memberIds: readonly string[] }

/** Minutes that stay free around it, between appointments of one member. */
export type Gaps = { gapBefore: number; gapAfter: number }

/** The part of a service that decides availability. */
export type ServiceRules = Gaps & {
  id: string
  /** Null: everyone. */
  memberIds: readonly string[] | null
  people: number
  /** Null: the rule of the business. */
  noticeMinutes: number | null
  horizonDays: number | null
}

export type Query = Interval & {
  /** Null: an appointment without a service. */
  service: ServiceRules | null
  minutes: number
  /** All of them are needed; none means any. */
  memberIds: readonly string[]
  part?: 'morning' | 'afternoon' | 'evening'
  limit: number
  /** An appointment that is being moved does not block itself. */
  exceptId?: string
}

export type Reason =
  | 'closed'
  | 'holiday'
  | 'full'
  | 'too-soon'
  | 'too-far'
  | 'no-staff-working'
  | 'no-staff-qualified'
  | 'google-unknown'

/**
 * `memberIds`: everyone who can take it, those who were asked for first, then fewest appointments
 * that day, longest idle, order of the team. An appointment takes as many as it needs.
 */
export type Slot = { start: number; end: number; memberIds: string[] }

/** `days`: every day without a slot, up to the day of the last slot if the limit was reached. */
export type Availability = { slots: Slot[]; days: { date: string; reason: Reason }[] }

export const minuteMs = 60_000

/** A day, and the longest gap: so far around a time appointments matter to it. */
export const aroundMs = 28 * 60 * minuteMs

/** Of 'HH:mm'. */
export const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
