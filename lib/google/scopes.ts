/** A permission that Google's consent page lists. */
export type Permission = 'read-events' | 'write-events' | 'list-calendars'

/** Least privilege: the list of calendars to choose from, and the events of the chosen one. */
const list = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
const events = 'https://www.googleapis.com/auth/calendar.events'

export const linkScopes = ['openid', 'email', list, events]

/** What a person left unticked on Google's consent page. */
export const missingPermissions = (granted: string[]): Permission[] => [
  ...(granted.includes(events) ? [] : (['read-events', 'write-events'] as const)),
  ...(granted.includes(list) ? [] : (['list-calendars'] as const)),
]
