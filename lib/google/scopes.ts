/** A permission that Google's consent page lists. */
export type Permission = 'read-events' | 'write-events' | 'list-calendars'

/** Least privilege: the calendar list to choose from, and events. */
const list = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
const events = 'https://www.googleapis.com/auth/calendar.events'

export const linkScopes = ['openid', 'email', list, events]

/** The permissions that were left unticked on Google's consent page. */
export const missingPermissions = (granted: string[]): Permission[] => [
  ...(granted.includes(events) ? [] : (['read-events', 'write-events'] as const)),
  ...(granted.includes(list) ? [] : (['list-calendars'] as const)),
]
