import type { CalendarChoice } from '#lib/connection/schema.ts'

/** The calendars that the account may write, also those that get appointments of another. */
export const writableOf = (choices: CalendarChoice[]): CalendarChoice[] =>
  choices.filter(({ access }) => access === 'owner' || access === 'writer')
