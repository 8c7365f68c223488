import type ICAL from 'ical.js'
import type { EventDraft, EventResource } from '../model.ts'
import type { Person } from '../person/person.ts'
import { draftFromVevent, instantOf, type When, whenOf, type ZoneRules } from './event.ts'
import { readComponents, type Skipped } from './read.ts'
import { ianaName, zoneFinder } from './zones.ts'

/** `name` is used in messages and as a calendar title; `text` is the content. */
export type IcsFile = { name: string; text: string }

export type IcsReport = {
  calendars: { file: string; calendarId: string; summary: string; events: number; exceptions: number }[]
  /** What was skipped or altered, by reason, with the first example of each. */
  skipped: { file: string; reason: string; count: number; example: string }[]
}

/**
 * Imports .ics files into one account, which is created if necessary. A calendar named after an
 * e-mail address (Google's export of a primary calendar) goes into the primary calendar, any other
 * into a new one.
 */
export function importIcs(
  person: Person,
  { account, files }: { account: { email: string; name?: string; timeZone?: string }; files: IcsFile[] },
): IcsReport {
  const report: IcsReport = { calendars: [], skipped: [] }
  for (const file of files) {
    const skipped = counter(report, file.name)
    try {
      importFile(person, { account, file, skipped, report })
    } catch (error) {
      skipped(`unreadable file: ${messageOf(error)}`, file.name)
    }
  }
  return report
}

function importFile(
  person: Person,
  { report, file, skipped, account }: Omit<CalendarImport, 'vcalendar'> & { report: IcsReport },
): void {
  const vcalendars = readComponents(file.text, skipped).filter(({ name }) => name === 'vcalendar')
  if (vcalendars.length === 0) skipped('file without a calendar', file.name)
  for (const vcalendar of vcalendars)
    report.calendars.push(importCalendar(person, { account, file, vcalendar, skipped }))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Summary for the terminal. */
export function describeIcs({ calendars, skipped }: IcsReport): string[] {
  return [
    ...calendars.map(
      ({ file, summary, events, exceptions }) =>
        `Read ${file}: ${events} ${events === 1 ? 'event' : 'events'}${exceptions ? ` and ${exceptions} changed or cancelled instances` : ''} into “${summary}”.`,
    ),
    ...skipped.map(
      ({ file, reason, count, example }) => `Skipped in ${file}: ${count} × ${reason}, for example “${example}”.`,
    ),
  ]
}

function counter(report: IcsReport, file: string): Skipped {
  return (reason, example) => {
    const known = report.skipped.find((entry) => entry.file === file && entry.reason === reason)
    if (known) known.count += 1
    else report.skipped.push({ file, reason, count: 1, example: example.slice(0, 80) })
  }
}

type CalendarImport = {
  account: { email: string; name?: string; timeZone?: string }
  file: IcsFile
  vcalendar: ICAL.Component
  skipped: Skipped
}

function importCalendar(
  person: Person,
  { account, file, vcalendar, skipped }: CalendarImport,
): IcsReport['calendars'][number] {
  const text = (name: string) => String(vcalendar.getFirstPropertyValue(name) ?? '')
  const summary = text('x-wr-calname') || text('name') || file.name.replace(/^.*[\\/]/, '').replace(/\.ics$/i, '')
  const known = person.accounts().find(({ email }) => email === account.email)
  const zone = ianaName(text('x-wr-timezone')) ?? account.timeZone ?? known?.timeZone ?? 'UTC'
  if (!known) person.addAccount({ email: account.email, name: account.name ?? account.email, timeZone: zone })
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(summary)
  const calendarId = isAddress
    ? 'primary'
    : person.addCalendar({ email: account.email, summary, timeZone: zone, selected: true }).id
  const zones = zoneRulesOf(vcalendar, zone, skipped)
  const to = {
    person,
    email: account.email,
    calendarId,
    zones,
    skipped,
    ...(isAddress ? { alias: summary } : {}),
  }
  return { file: file.name, calendarId, summary, ...importEvents(vcalendar, to) }
}

function zoneRulesOf(vcalendar: ICAL.Component, zone: string, skipped: Skipped): ZoneRules {
  const findZone = zoneFinder(vcalendar.getAllSubcomponents('vtimezone'), zone)
  return { findZone, zone, unknownZone: (tzid) => skipped(`unknown time zone, read as ${zone}`, tzid) }
}

type Destination = {
  person: Person
  email: string
  calendarId: string
  zones: ZoneRules
  skipped: Skipped
  /** The address under which the owner of the file appears in it. */
  alias?: string
}

function importEvents(vcalendar: ICAL.Component, to: Destination): { events: number; exceptions: number } {
  const counts = { events: 0, exceptions: 0 }
  for (const other of ['vtodo', 'vjournal', 'vfreebusy']) {
    for (const component of vcalendar.getAllSubcomponents(other))
      to.skipped(`${other.toUpperCase()} is not an event`, titleOf(component))
  }
  const byUid = Map.groupBy(vcalendar.getAllSubcomponents('vevent'), uidOf)
  for (const versions of byUid.values()) {
    const { master, exceptions } = latestVersions(versions, to.skipped)
    const made = master && attempt(master, to, () => importMaster(master, to))
    if (made) counts.events += 1
    if (master && !made) continue
    for (const exception of exceptions) {
      if (!made) {
        if (attempt(exception, to, () => importMaster(exception, to))) counts.events += 1
      } else if (attempt(exception, to, () => importException(exception, made, to))) counts.exceptions += 1
    }
  }
  return counts
}

function titleOf(component: ICAL.Component): string {
  return String(component.getFirstPropertyValue('summary') ?? component.getFirstPropertyValue('uid') ?? '(untitled)')
}

/** An event without a UID gets a key of its own. */
function uidOf(vevent: ICAL.Component, index: number): string {
  return String(vevent.getFirstPropertyValue('uid') ?? `no uid ${index}`)
}

/** The latest version of the event and of each of its exceptions. */
function latestVersions(versions: ICAL.Component[], skipped: Skipped) {
  const latest = new Map<string, ICAL.Component>()
  for (const version of versions) {
    const key = String(version.getFirstPropertyValue('recurrence-id') ?? '')
    const rival = latest.get(key)
    if (rival) skipped('older version of the same event', titleOf(version))
    if (!rival || sequenceOf(version) >= sequenceOf(rival)) latest.set(key, version)
  }
  const master = latest.get('')
  latest.delete('')
  return { master, exceptions: [...latest.values()] }
}

function sequenceOf(vevent: ICAL.Component): number {
  return Number(vevent.getFirstPropertyValue('sequence') ?? 0)
}

/** Counts an event that cannot be imported by the reason, so that the import continues. */
function attempt<T>(vevent: ICAL.Component, { skipped }: Destination, run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    skipped(messageOf(error), titleOf(vevent))
  }
}

function importMaster(vevent: ICAL.Component, to: Destination): EventResource {
  if (isCancelled(vevent)) throw new Error('cancelled event')
  const { person, email, calendarId } = to
  return person.create({ email, calendarId, event: draftFor(vevent, to) })
}

/**
 * Replaces the address of the file's owner by the account's, so that the owner's events and answers
 * remain theirs.
 */
function draftFor(vevent: ICAL.Component, { zones, alias, email }: Destination): EventDraft {
  const draft = draftFromVevent(vevent, zones)
  const renamed = <T extends { email: string }>(someone: T): T =>
    someone.email.toLowerCase() === alias?.toLowerCase() ? { ...someone, email } : someone
  return {
    ...draft,
    ...(draft.attendees ? { attendees: draft.attendees.map(renamed) } : {}),
    ...(draft.organizer ? { organizer: renamed(draft.organizer) } : {}),
  }
}

function isCancelled(vevent: ICAL.Component): boolean {
  return String(vevent.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED'
}

function importException(vevent: ICAL.Component, master: EventResource, to: Destination): true {
  const original = whenOf(vevent.getFirstProperty('recurrence-id'), to.zones)
  if (!original) throw new Error('exception with an unreadable RECURRENCE-ID')
  const { person, email, calendarId } = to
  const ref = { email, calendarId, eventId: instanceId(master, original) }
  if (isCancelled(vevent)) person.remove({ ...ref, scope: 'this' })
  else person.change({ ...ref, changes: changesOf(draftFor(vevent, to)), scope: 'this' })
  return true
}

/** In a file an exception is complete: fields that it omits are empty on that day. */
function changesOf({ organizer: _, recurrence: __, ...draft }: EventDraft): EventDraft {
  const { summary = null, description = null, location = null, attendees = null } = draft
  const { transparency = 'opaque', visibility = 'default', status = 'confirmed' } = draft
  return { ...draft, summary, description, location, attendees, transparency, visibility, status }
}

function instanceId(master: EventResource, original: When): string {
  if (master.start.date)
    return `${master.id}_${('date' in original ? original.date : dateIn(original)).replaceAll('-', '')}`
  if ('date' in original) throw new Error('exception of a timed series with only a date')
  return `${master.id}_${instantOf(original).toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')}`
}

function dateIn(original: Exclude<When, { date: string }>): string {
  return 'wall' in original ? original.wall.toPlainDate().toString() : original.instant.toString().slice(0, 10)
}
