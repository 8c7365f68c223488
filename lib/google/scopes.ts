/** A permission that Google's consent page lists. */
export type Permission = 'read-events' | 'write-events' | 'list-calendars'

/** Whose account is linked: that of the business, or a member's own. */
export type Whose = 'business' | 'member'

/** What a link is for: to read events, or to write those of appointments as well. */
export type Access = 'read' | 'write'

const list = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly'
const events = 'https://www.googleapis.com/auth/calendar.events'
const readEvents = 'https://www.googleapis.com/auth/calendar.events.readonly'

/** Least privilege: the calendar list to choose from, and events. */
export const linkScopes = ['openid', 'email', list, events]

/** Without permission to write, until a member chooses a calendar for their appointments. */
export const memberScopes = ['openid', 'email', list, readEvents]

export const scopesOf = (access: Access): string[] => (access === 'write' ? linkScopes : memberScopes)

/** The permissions that were left unticked on Google's consent page, or never asked for. */
export const missingPermissions = (granted: string[], access: Access): Permission[] => [
  ...missingForEvents(granted, access),
  ...(granted.includes(list) ? [] : (['list-calendars'] as const)),
]

const missingForEvents = (granted: string[], access: Access): Permission[] => {
  if (granted.includes(events)) return []
  const reads = granted.includes(readEvents) ? [] : (['read-events'] as const)
  return access === 'write' ? [...reads, 'write-events'] : [...reads]
}
