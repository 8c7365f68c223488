import type { World } from '../world.ts'

/** An app with access to an account; `scopes` are descriptions of its permissions. */
export type ConnectedApp = { clientId: string; name: string; scopes: string[] }

/** Grants belong to a project, so each project is listed once, with one of its clients. */
export function connectedApps(world: World, email: string): ConnectedApp[] {
  const { clients, grants } = world.state.oauth
  return [...grants].flatMap(([key, grant]) => {
    const [owner, project] = key.split('|')
    if (owner !== email || grant.scopes.length === 0) return []
    const client = [...clients.values()].find((each) => each.project === project)
    return client ? [{ clientId: client.id, name: client.project, scopes: grant.scopes.map(permission) }] : []
  })
}

const permissions: Record<string, string> = {
  openid: 'Know who you are',
  'userinfo.email': 'See your email address',
  'userinfo.profile': 'See your name and picture',
  calendar: 'See, change and share all your calendars',
  'calendar.readonly': 'See all your calendars and events',
  'calendar.events': 'See and change events on all your calendars',
  'calendar.events.owned': 'See and change events on calendars you own',
  'calendar.events.readonly': 'See events on all your calendars',
  'calendar.calendarlist.readonly': 'See the list of your calendars',
  'calendar.freebusy': 'See when you are busy',
}

function permission(scope: string): string {
  const name = scope.replace('https://www.googleapis.com/auth/', '')
  return permissions[name] ?? scope
}
