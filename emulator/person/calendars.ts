import { createHash } from 'node:crypto'
import { findCalendar } from '../calendar/access.ts'
import { listedCalendars, ROLES, renderListEntry } from '../calendar/calendars/calendars.ts'
import { dropListEntry, nextVersion, setRole } from '../calendar/calendars/sharing.ts'
import { createCalendarStore, timeToMs } from '../calendar/store.ts'
import type { AccessRole, Account, CalendarKind, CalendarListEntry, CalendarStore } from '../model.ts'
import { revokeProject } from '../oauth/grants.ts'
import { randomId, type World } from '../world.ts'
import type { CalendarChanges, NewCalendar, Person } from './person.ts'

export function addAccount(world: World, given: Parameters<Person['addAccount']>[0]): Account {
  if (world.state.accounts.has(given.email)) throw new Error(`The account ${given.email} already exists.`)
  const [first = given.name, ...rest] = given.name.split(' ')
  const account: Account = {
    ...given,
    sub: given.sub ?? subOf(given.email),
    givenName: given.givenName ?? first,
    familyName: given.familyName ?? rest.join(' '),
  }
  world.state.accounts.set(account.email, account)
  addCalendar(world, { email: account.email, summary: account.email, kind: 'primary', selected: true })
  return account
}

export function setAliases(world: World, { email, aliases }: Parameters<Person['setAliases']>[0]): Account {
  const account = requireAccount(world, email)
  account.aliases = aliases
  world.touch()
  return account
}

/** 21 digits, derived from the address. */
function subOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`).toString()
  return `1${digits.slice(0, 20)}`
}

export function requireAccount(world: World, email: string): Account {
  const account = world.state.accounts.get(email)
  if (!account) throw new Error(`There is no account ${email}.`)
  return account
}

export function requireCalendar(
  world: World,
  { email, calendarId }: { email: string; calendarId: string },
): CalendarStore {
  requireAccount(world, email)
  const calendar = findCalendar(world, calendarId === 'primary' ? email : calendarId)
  if (!calendar) throw new Error(`There is no calendar ${calendarId}.`)
  return calendar
}

export function addCalendar(world: World, made: NewCalendar): CalendarListEntry {
  const account = requireAccount(world, made.email)
  const kind = made.kind ?? 'secondary'
  const id = made.id ?? idFor(kind, made)
  const calendar =
    findCalendar(world, id) ?? createCalendar(world, { ...made, kind, id, timeZone: made.timeZone ?? account.timeZone })
  calendar.acl.set(made.email, made.accessRole ?? calendar.acl.get(made.email) ?? standardRole(calendar, made.email))
  calendar.listed.set(made.email, {
    colorId: made.colorId,
    backgroundColor: made.backgroundColor,
    hidden: made.hidden ?? false,
    selected: made.selected ?? true,
    deleted: false,
    ...nextVersion(world),
  })
  world.notify({ email: made.email })
  return entryOf(world, { email: made.email, calendar })
}

function standardRole(calendar: CalendarStore, email: string): AccessRole {
  const isRead = calendar.kind === 'holidays' || calendar.kind === 'birthdays' || calendar.kind === 'import'
  return calendar.owner === email && !isRead ? 'owner' : 'reader'
}

const SUFFIX: Record<CalendarKind, string> = {
  primary: '',
  secondary: '@group.calendar.google.com',
  import: '@import.calendar.google.com',
  holidays: '#holiday@group.v.calendar.google.com',
  birthdays: '#contacts@group.v.calendar.google.com',
  resource: '@resource.calendar.google.com',
}

function idFor(kind: CalendarKind, { email, summary }: NewCalendar): string {
  if (kind === 'primary') return email
  if (kind === 'birthdays') return `addressbook${SUFFIX.birthdays}`
  if (kind === 'holidays') return `en.${summary.toLowerCase().replace(/[^a-z]+/g, '')}${SUFFIX.holidays}`
  return `c_${randomId()}${SUFFIX[kind]}`
}

const NO_PUSH: CalendarKind[] = ['holidays', 'birthdays', 'import']

function createCalendar(
  world: World,
  made: NewCalendar & { id: string; kind: CalendarKind; timeZone: string },
): CalendarStore {
  const calendar = createCalendarStore(world, {
    id: made.id,
    kind: made.kind,
    summary: made.summary,
    timeZone: made.timeZone,
    owner: made.email,
    push: made.push ?? !NO_PUSH.includes(made.kind),
  })
  if (made.description) calendar.description = made.description
  if (made.location) calendar.location = made.location
  world.state.calendars.set(calendar.id, calendar)
  return calendar
}

export function listCalendarsOf(world: World, email: string): CalendarListEntry[] {
  requireAccount(world, email)
  return listedCalendars(world, email)
    .map((listed) => renderListEntry(email, listed))
    .filter(({ deleted }) => !deleted)
}

function entryOf(_world: World, { email, calendar }: { email: string; calendar: CalendarStore }): CalendarListEntry {
  const entry = calendar.listed.get(email)
  if (!entry) throw new Error(`${calendar.id} is not in the list of ${email}.`)
  return renderListEntry(email, { calendar, entry })
}

/**
 * Title and time zone change for all accounts, and are not part of list deltas, as at Google; other
 * fields belong to the account's list entry.
 */
export function updateCalendar(
  world: World,
  { email, calendarId, changes }: { email: string; calendarId: string; changes: CalendarChanges },
): CalendarListEntry {
  const calendar = requireCalendar(world, { email, calendarId })
  const { summary, timeZone, ...own } = changes
  if (summary !== undefined) calendar.summary = summary
  if (timeZone !== undefined) setZone(calendar, timeZone)
  const entry = calendar.listed.get(email)
  if (entry && Object.keys(own).length > 0) Object.assign(entry, own, nextVersion(world))
  calendar.etag = world.nextEtag()
  world.notify({ email, calendarId: calendar.id })
  return entryOf(world, { email, calendar })
}

function setZone(calendar: CalendarStore, timeZone: string): void {
  calendar.timeZone = timeZone
  for (const [id, event] of calendar.events) {
    const times = { startMs: timeToMs(event.start, timeZone), endMs: timeToMs(event.end, timeZone) }
    calendar.events.set(id, { ...event, ...times })
  }
}

export function setAccess(world: World, { role, ...to }: Parameters<Person['setAccess']>[0]): void {
  const calendar = requireCalendar(world, to)
  if (role !== 'none' && !ROLES.includes(role))
    throw new Error(`There is no role ${role}. Use one of: ${ROLES.join(', ')}, none.`)
  setRole(world, calendar, { email: to.email, role })
}

export function unshare(world: World, from: { calendarId: string; email: string }): void {
  setAccess(world, { ...from, role: 'none' })
}

export function deleteCalendar(world: World, at: { email: string; calendarId: string }): void {
  const calendar = requireCalendar(world, at)
  if (calendar.kind === 'primary') throw new Error('A primary calendar cannot be deleted.')
  if (calendar.owner !== at.email) throw new Error('Only the data owner can delete a calendar.')
  calendar.deleted = true
  for (const email of calendar.listed.keys()) {
    dropListEntry(world, { calendar, email })
    world.notify({ email, calendarId: calendar.id })
  }
}

export function revokeAccess(world: World, { email, clientId }: { email: string; clientId?: string }): void {
  requireAccount(world, email)
  const clients = [...world.state.oauth.clients.values()].filter(({ id }) => !clientId || id === clientId)
  for (const { project } of clients) revokeProject(world, { email, project })
}
