import type { Temporal } from 'temporal-polyfill'
import type { OpeningHours } from '#lib/business/schema.ts'

/** Opening hours by weekday, and dates with different hours (an empty list means closed). */
export type Opening = {
  openingHours: OpeningHours
  openingExceptions?: readonly { date: string; hours: readonly { from: string; to: string }[] }[]
}

export const hoursOn = (
  day: Temporal.PlainDate,
  { openingHours, openingExceptions = [] }: Opening,
): readonly { from: string; to: string }[] =>
  openingExceptions.find(({ date }) => date === day.toString())?.hours ?? openingHours[day.dayOfWeek] ?? []
