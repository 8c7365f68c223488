/** A permission that Google's consent page lists. */
export type Permission = 'read-events' | 'write-events' | 'list-calendars'

/** Whose account is linked: the calendar of the business, or a member's own calendars. */
export type Whose = 'business' | 'member'

const list = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
const events = 'https://www.googleapis.com/auth/calendar.events'
const readEvents = 'https://www.googleapis.com/auth/calendar.events.readonly'

/** Least privilege: the calendar list to choose from, and events. */
export const linkScopes = ['openid', 'email', list, events]

/** A member's calendars are only read. */
export const memberScopes = ['openid', 'email', list, readEvents]

export const scopesOf = (whose: Whose): string[] => (whose === 'business' ? linkScopes : memberScopes)

/** The permissions that were left unticked on Google's consent page. */
export const missingPermissions = (granted: string[], whose: Whose): Permission[] => [
  ...missingForEvents(granted, whose),
  ...(granted.includes(list) ? [] : (['list-calendars'] as const)),
]

const missingForEvents = (granted: string[], whose: Whose): Permission[] => {
  if (granted.includes(events)) return []
  if (whose === 'business') return ['read-events', 'write-events']
  return granted.includes(readEvents) ? [] : ['read-events']
}
