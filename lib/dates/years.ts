/**
 * The years of dates that people enter. Far from them, Postgres, `Date` and `Temporal` differ in
 * what they can hold.
 */
const firstYear = 2000
const lastYear = 2200

export const yearRange = `Give a year from ${firstYear} to ${lastYear}.`

/** Whether an ISO date or UTC instant with a year of four digits is in these years. */
export const isUsualYear = (text: string): boolean =>
  /^\d{4}-/.test(text) && text >= `${firstYear}` && text < `${lastYear + 1}`

/** The same for an end of a range: weeks and lists begin or end up to 15 days outside. */
export const isNearUsualYears = (epochMs: number): boolean =>
  epochMs >= Date.UTC(firstYear, 0, -14) && epochMs <= Date.UTC(lastYear + 1, 0, 16)
