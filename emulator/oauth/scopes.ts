const AUTH = 'https://www.googleapis.com/auth/'

export const SIGN_IN_SCOPES = new Set(['openid', `${AUTH}userinfo.email`, `${AUTH}userinfo.profile`])

/** Google returns `email` and `profile` under their long names. */
export function canonicalScope(scope: string): string {
  if (scope === 'email' || scope === 'profile') return `${AUTH}userinfo.${scope}`
  return scope
}

const LABELS: Record<string, string> = {
  calendar: 'See, edit, share, and permanently delete all the calendars you can access using Google Calendar',
  'calendar.readonly': 'See and download any calendar you can access using your Google Calendar',
  'calendar.events': 'View and edit events on all your calendars',
  'calendar.events.readonly': 'View events on all your calendars',
  'calendar.events.owned': 'See, create, change, and delete events on Google calendars you own',
  'calendar.events.owned.readonly': 'See the events on Google calendars you own',
  'calendar.events.freebusy': 'See the availability on Google calendars you have access to',
  'calendar.events.public.readonly': 'See the events on public calendars',
  'calendar.freebusy': 'View your availability in your calendars',
  'calendar.calendarlist': 'See, add, and remove Google calendars you’re subscribed to',
  'calendar.calendarlist.readonly': 'See the list of Google calendars you’re subscribed to',
  'calendar.calendars':
    'See and change the properties of Google calendars you have access to, and create secondary calendars',
  'calendar.calendars.readonly':
    'See the title, description, default time zone, and other properties of Google calendars you have access to',
  'calendar.acls': 'See and change the sharing permissions of Google calendars you own',
  'calendar.acls.readonly': 'See the sharing permissions of Google calendars you own',
  'calendar.app.created': 'Make secondary Google calendars, and see, create, change, and delete events on them',
  'calendar.settings.readonly': 'View your Calendar settings',
  'calendar.settings': 'View and change your Calendar settings',
}

export function isKnownScope(scope: string): boolean {
  return SIGN_IN_SCOPES.has(scope) || (scope.startsWith(AUTH) && scope.slice(AUTH.length) in LABELS)
}

export function scopeLabel(scope: string): string {
  return LABELS[scope.slice(AUTH.length)] ?? scope
}

const READ_EVENTS = [
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  'calendar.events.owned',
  'calendar.events.owned.readonly',
  'calendar.app.created',
  'calendar.events.freebusy',
  'calendar.events.public.readonly',
]
const WRITE_EVENTS = ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created']
const WRITE_LIST = ['calendar', 'calendar.calendarlist']
const WRITE_ACL = ['calendar', 'calendar.acls']
const READ_LIST = ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly']

/** The scopes of an operation; any one of them is enough. */
const ACCEPTED: Record<string, string[]> = {
  'calendarList.list': READ_LIST,
  'calendarList.watch': READ_LIST,
  'calendarList.get': [...READ_LIST, 'calendar.app.created'],
  'calendarList.insert': WRITE_LIST,
  'calendarList.patch': [...WRITE_LIST, 'calendar.app.created'],
  'calendarList.update': [...WRITE_LIST, 'calendar.app.created'],
  'calendarList.delete': [...WRITE_LIST, 'calendar.app.created'],
  'calendars.insert': ['calendar', 'calendar.calendars', 'calendar.app.created'],
  'acl.list': [...WRITE_ACL, 'calendar.acls.readonly'],
  'acl.get': [...WRITE_ACL, 'calendar.acls.readonly', 'calendar.readonly'],
  'acl.insert': WRITE_ACL,
  'acl.patch': WRITE_ACL,
  'acl.update': WRITE_ACL,
  'acl.delete': WRITE_ACL,
  'calendars.get': [
    'calendar',
    'calendar.readonly',
    'calendar.calendars',
    'calendar.calendars.readonly',
    'calendar.app.created',
  ],
  'events.list': READ_EVENTS,
  'events.get': READ_EVENTS,
  'events.instances': READ_EVENTS,
  'events.watch': READ_EVENTS,
  'events.insert': WRITE_EVENTS,
  'events.update': WRITE_EVENTS,
  'events.patch': WRITE_EVENTS,
  'events.delete': WRITE_EVENTS,
  'events.import': WRITE_EVENTS,
  'events.quickAdd': WRITE_EVENTS,
  'events.move': ['calendar', 'calendar.events', 'calendar.events.owned'],
  'freebusy.query': ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
  'channels.stop': Object.keys(LABELS),
  'colors.get': [
    ...READ_LIST,
    'calendar.events.owned',
    'calendar.events.owned.readonly',
    'calendar.events.freebusy',
    'calendar.events.public.readonly',
    'calendar.app.created',
  ],
  'settings.get': ['calendar', 'calendar.readonly', 'calendar.settings.readonly', 'calendar.settings'],
  'settings.list': ['calendar', 'calendar.readonly', 'calendar.settings.readonly', 'calendar.settings'],
}

/** The granted scopes (short names) that allow an operation. */
export function scopesFor(operation: string, granted: string[]): string[] {
  const short = granted.map((scope) => scope.replace(AUTH, ''))
  return (ACCEPTED[operation] ?? []).filter((scope) => short.includes(scope))
}
