import type { Opening } from '#lib/availability/opening.ts'

/** The hour the calendar is scrolled to: 15 minutes above the hour before the earliest opening. */
export const firstHourOf = (openingHours: Opening['openingHours']): number => {
  const opens = Object.values(openingHours).flatMap((hours) => hours.map(({ from }) => Number(from.slice(0, 2))))
  return Math.max(0, Math.min(...opens, 9) - 2) + 0.75
}
