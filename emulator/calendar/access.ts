import type { Context } from '../http.ts'
import type { AccessRole, CalendarStore, StoredEvent } from '../model.ts'
import { liveAccessToken } from '../oauth/grants.ts'
import { scopesFor } from '../oauth/scopes.ts'
import type { World } from '../world.ts'
import { ApiError, refused } from './errors.ts'
import { spendQuota } from './quota.ts'

/**
 * The caller by its access token; `scopes` are the short names of those that allow the operation.
 */
export type Caller = { email: string; clientId: string; scopes: string[] }

const UNAUTHENTICATED =
  'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
  'authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.'

export function authenticate(context: Context, operation: string): Caller {
  const bearer = /^Bearer (.+)$/i.exec(context.headers.authorization ?? '')?.[1]
  const token = liveAccessToken(context.world, bearer ?? context.query.get('access_token') ?? undefined)
  if (!token) {
    throw new ApiError({
      status: 401,
      reason: 'authError',
      message: UNAUTHENTICATED,
      locationType: 'header',
      location: 'Authorization',
    })
  }
  context.logFields.clientId = token.clientId
  context.logFields.email = token.email
  const scopes = scopesFor(operation, token.scopes)
  if (scopes.length === 0) throw refused(403, 'insufficientPermissions')
  spendQuota(context.world, { email: token.email, operation })
  return { email: token.email, clientId: token.clientId, scopes }
}

export type Access = { calendar: CalendarStore; role: AccessRole }

/** The calendar and the caller's role in it; 404 without access, as if it did not exist. */
export function openCalendar(context: Context, caller: Caller): Access {
  const pathId = context.params.calendarId ?? 'primary'
  const id = pathId === 'primary' ? caller.email : pathId
  context.logFields.calendarId = id
  const calendar = findCalendar(context.world, id)
  const role = calendar && roleOf(calendar, caller.email)
  if (!calendar || !role) throw refused(404, 'notFound')
  const ownedOnly = caller.scopes.every((scope) => scope.startsWith('calendar.events.owned'))
  if (ownedOnly && role !== 'owner') throw refused(403, 'forbidden')
  const timesOnly = caller.scopes.every((scope) => scope === 'calendar.events.freebusy')
  return { calendar, role: timesOnly ? 'freeBusyReader' : role }
}

export function findCalendar(world: World, id: string): CalendarStore | undefined {
  const calendar = world.state.calendars.get(id) ?? world.state.calendars.get(id.toLowerCase())
  return calendar && !calendar.deleted ? calendar : undefined
}

/** By the account's own rule, or else that of its domain or of the public. */
export function roleOf(calendar: CalendarStore, email: string): AccessRole | undefined {
  const { acl } = calendar
  return acl.get(email) ?? acl.get(`domain:${email.split('@')[1]}`) ?? acl.get('default')
}

/** An event whose details the caller cannot read. */
export function isHidden({ content }: StoredEvent, role: AccessRole): boolean {
  const isPrivate = content.visibility === 'private' || content.visibility === 'confidential'
  return isPrivate && role !== 'writer' && role !== 'owner'
}

export function requireWriter({ role }: Access): void {
  if (role !== 'owner' && role !== 'writer' && role !== 'writerWithoutPrivateAccess') {
    throw refused(403, 'requiredAccessLevel')
  }
}
