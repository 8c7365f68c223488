import type { Context, Reply } from '../../http.ts'
import type { AccessRole, Calendar, CalendarListEntry, CalendarStore, ListEntry } from '../../model.ts'
import type { World } from '../../world.ts'
import { authenticate, openCalendar, roleOf } from '../access.ts'
import { ApiError, invalid, refused } from '../errors.ts'
import { pageTokens } from '../lists/page-tokens.ts'
import { readCount, readFlag } from '../lists/query.ts'
import { resourceReply } from '../reply.ts'
import { makeSyncToken, readSyncToken } from '../sync-token.ts'
import { CALENDAR_COLORS, EVENT_COLORS } from './colors.ts'

/** From the least to the most. */
export const ROLES: AccessRole[] = ['freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner']

/**
 * The calendars in an account's list: the primary one, then the others in the order they were
 * added.
 */
export function listedCalendars(world: World, email: string): { calendar: CalendarStore; entry: ListEntry }[] {
  return [...world.state.calendars.values()]
    .flatMap((calendar) => {
      const entry = calendar.listed.get(email)
      return entry ? [{ calendar, entry }] : []
    })
    .sort((a, b) => Number(b.calendar.id === email) - Number(a.calendar.id === email))
}

export function renderListEntry(
  email: string,
  { calendar, entry }: { calendar: CalendarStore; entry: ListEntry },
): CalendarListEntry {
  const role = roleOf(calendar, email)
  if (entry.deleted || calendar.deleted || !role) {
    return { kind: 'calendar#calendarListEntry', etag: entry.etag, id: calendar.id, deleted: true }
  }
  const colorId = entry.colorId ?? '14'
  const color = CALENDAR_COLORS[colorId]
  return {
    kind: 'calendar#calendarListEntry',
    etag: entry.etag,
    id: calendar.id,
    summary: calendar.summary,
    ...(calendar.description && { description: calendar.description }),
    ...(calendar.location && { location: calendar.location }),
    timeZone: calendar.timeZone,
    ...(entry.summaryOverride && { summaryOverride: entry.summaryOverride }),
    colorId,
    backgroundColor: entry.backgroundColor ?? color?.background,
    foregroundColor: entry.foregroundColor ?? color?.foreground,
    ...(entry.hidden && { hidden: true as const }),
    ...(entry.selected && { selected: true as const }),
    accessRole: role,
    defaultReminders: calendar.id === email ? [{ method: 'popup', minutes: 30 }] : [],
    ...(calendar.id === email && { primary: true as const }),
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
    ...(calendar.kind === 'secondary' && { dataOwner: calendar.owner }),
  }
}

export function listCalendars(context: Context): Reply {
  const caller = authenticate(context, 'calendarList.list')
  const { query, world } = context
  const most = readCount(query, { name: 'maxResults', standard: 100, most: 250 })
  const syncToken = query.get('syncToken')
  const owner = `calendarList|${caller.email}`
  const since = syncToken ? readListToken(context, { owner, token: syncToken }) : 0
  const items = matchingEntries(context, { email: caller.email, since: syncToken ? since : undefined })
  const offset = readOffset(query.get('pageToken'))
  const page = items.slice(offset, offset + most)
  const more = offset + most < items.length
  return resourceReply(context, {
    kind: 'calendar#calendarList',
    etag: `"p${world.state.seq.toString(32)}l"`,
    ...pageTokens(context, {
      more,
      pageToken: (at) => renderOffset(at === 'next' ? offset + most : offset),
      syncToken: () => makeSyncToken(world, { owner, seq: world.state.seq }),
    }),
    ...(page.length > 0 && { items: page }),
  })
}

function readListToken(context: Context, { owner, token }: { owner: string; token: string }): number {
  if (context.query.has('minAccessRole'))
    throw invalid('Sync token cannot be used with other request restrictions.', 'minAccessRole')
  for (const name of ['showDeleted', 'showHidden']) {
    if (context.query.get(name) === 'false') throw invalid(`Sync token cannot be used with ${name}=false.`, name)
  }
  return readSyncToken(context.world, { owner, token, deadUpTo: 0 })
}

function matchingEntries(
  context: Context,
  { email, since }: { email: string; since: number | undefined },
): CalendarListEntry[] {
  const least = context.query.get('minAccessRole')
  if (least !== null && !ROLES.includes(least as AccessRole)) throw invalid(undefined, 'minAccessRole')
  const showDeleted = readFlag(context.query, 'showDeleted') || since !== undefined
  const showHidden = readFlag(context.query, 'showHidden') || since !== undefined
  return listedCalendars(context.world, email)
    .filter(({ entry }) => since === undefined || entry.seq > since)
    .map((listed) => renderListEntry(email, listed))
    .filter((entry) => (showDeleted || !entry.deleted) && (showHidden || !entry.hidden))
    .filter(({ accessRole }) => least === null || rank(accessRole) >= rank(least as AccessRole))
}

function rank(role: AccessRole | undefined): number {
  return role ? ROLES.indexOf(role) : -1
}

export function renderOffset(offset: number): string {
  return Buffer.from(`c${offset}`).toString('base64url')
}

export function readOffset(token: string | null): number {
  if (token === null) return 0
  const offset = /^c(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (offset === undefined) throw invalid(undefined, 'pageToken')
  return Number(offset)
}

export function getListEntry(context: Context): Reply {
  const caller = authenticate(context, 'calendarList.get')
  const { calendar } = openCalendar(context, caller)
  const entry = calendar.listed.get(caller.email)
  if (!entry || entry.deleted) throw refused(404, 'notFound')
  return resourceReply(context, renderListEntry(caller.email, { calendar, entry }))
}

export function getCalendar(context: Context): Reply {
  const caller = authenticate(context, 'calendars.get')
  const { calendar } = openCalendar(context, caller)
  return resourceReply(context, renderCalendar(calendar))
}

export function renderCalendar(calendar: CalendarStore): Calendar {
  return {
    kind: 'calendar#calendar',
    etag: calendar.etag,
    id: calendar.id,
    summary: calendar.summary,
    ...(calendar.description && { description: calendar.description }),
    ...(calendar.location && { location: calendar.location }),
    timeZone: calendar.timeZone,
    ...(calendar.kind === 'secondary' && { dataOwner: calendar.owner }),
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  }
}

export function getColors(context: Context): Reply {
  authenticate(context, 'colors.get')
  const colors = {
    kind: 'calendar#colors',
    updated: '2012-02-14T00:00:00.000Z',
    calendar: CALENDAR_COLORS,
    event: EVENT_COLORS,
  }
  return resourceReply(context, colors)
}

const SETTINGS: Record<string, string> = {
  autoAddHangouts: 'true',
  dateFieldOrder: 'DMY',
  defaultEventLength: '60',
  format24HourTime: 'true',
  locale: 'en_GB',
  showDeclinedEvents: 'true',
  weekStart: '1',
}

export function getSetting(context: Context): Reply {
  const caller = authenticate(context, 'settings.get')
  const setting = settingsOf(context, caller.email).find(({ id }) => id === context.params.setting)
  if (!setting) throw new ApiError({ status: 404, reason: 'notFound' })
  return resourceReply(context, setting)
}

export function listSettings(context: Context): Reply {
  const caller = authenticate(context, 'settings.list')
  const items = settingsOf(context, caller.email)
  return resourceReply(context, { kind: 'calendar#settings', etag: '"0"', items })
}

function settingsOf(context: Context, email: string) {
  const timezone = context.world.state.accounts.get(email)?.timeZone ?? 'UTC'
  return Object.entries({ ...SETTINGS, timezone }).map(([id, value]) => ({
    kind: 'calendar#setting',
    etag: `"${Buffer.from(id + value)
      .toString('hex')
      .slice(0, 16)}"`,
    id,
    value,
  }))
}
