import type ICAL from 'ical.js'
import type { EventDraft, EventResource } from '../model.ts'
import type { Person } from '../person/person.ts'
import { type Clock, draftOf, instantOf, type When, whenOf } from './event.ts'
import { readComponents, type Skipped } from './read.ts'
import { ianaName, zoneFinder } from './zones.ts'

/** `name` is only for what people read; `text` is the content of the file. */
export type IcsFile = { name: string; text: string }

export type IcsReport = {
  calendars: { file: string; calendarId: string; summary: string; events: number; exceptions: number }[]
  /** What was left out or bent, by reason, with the first example of each. */
  skipped: { file: string; reason: string; count: number; example: string }[]
}

/**
 * Enters .ics files into calendars of one account, which is made if it does not exist: a file named after an e-mail address (Google's
 * export of a primary calendar) goes into the primary calendar, any other into a calendar of its own.
 */
export function importIcs(
  person: Person,
  { account, files }: { account: { email: string; name?: string; timeZone?: string }; files: IcsFile[] },
): IcsReport {
  const report: IcsReport = { calendars: [], skipped: [] }
  for (const file of files) {
    const skipped = counter(report, file.name)
    const vcalendars = readComponents(file.text, skipped).filter(({ name }) => name === 'vcalendar')
    if (vcalendars.length === 0) skipped('file without a calendar', file.name)
    for (const vcalendar of vcalendars)
      report.calendars.push(enterCalendar(person, { account, file, vcalendar, skipped }))
  }
  return report
}

/** A few lines for the terminal. */
export function describeIcs({ calendars, skipped }: IcsReport): string[] {
  return [
    ...calendars.map(
      ({ file, summary, events, exceptions }) =>
        `Read ${file}: ${events} ${events === 1 ? 'event' : 'events'}${exceptions ? ` and ${exceptions} changed or cancelled days of series` : ''} into “${summary}”.`,
    ),
    ...skipped.map(
      ({ file, reason, count, example }) =>
        `Skipped in ${file}: ${count} × ${reason}, for example “${example}”.`,
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

type Entry = {
  account: { email: string; name?: string; timeZone?: string }
  file: IcsFile
  vcalendar: ICAL.Component
  skipped: Skipped
}

function enterCalendar(
  person: Person,
  { account, file, vcalendar, skipped }: Entry,
): IcsReport['calendars'][number] {
  const text = (name: string) => String(vcalendar.getFirstPropertyValue(name) ?? '')
  const summary =
    text('x-wr-calname') || text('name') || file.name.replace(/^.*[\\/]/, '').replace(/\.ics$/i, '')
  const known = person.accounts().find(({ email }) => email === account.email)
  const zone = ianaName(text('x-wr-timezone')) ?? account.timeZone ?? known?.timeZone ?? 'UTC'
  if (!known) person.addAccount({ email: account.email, name: account.name ?? account.email, timeZone: zone })
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(summary)
  const calendarId = isAddress
    ? 'primary'
    : person.addCalendar({ email: account.email, summary, timeZone: zone, selected: true }).id
  const clock = clockOf(vcalendar, zone, skipped)
  const to = {
    person,
    email: account.email,
    calendarId,
    clock,
    skipped,
    ...(isAddress ? { alias: summary } : {}),
  }
  return { file: file.name, calendarId, summary, ...enterEvents(vcalendar, to) }
}

function clockOf(vcalendar: ICAL.Component, zone: string, skipped: Skipped): Clock {
  const findZone = zoneFinder(vcalendar.getAllSubcomponents('vtimezone'), zone)
  return { findZone, zone, unknownZone: (tzid) => skipped(`unknown time zone, read as ${zone}`, tzid) }
}

type Target = {
  person: Person
  email: string
  calendarId: string
  clock: Clock
  skipped: Skipped
  /** The address under which the owner of the file appears in it. */
  alias?: string
}

function enterEvents(vcalendar: ICAL.Component, to: Target): { events: number; exceptions: number } {
  const counts = { events: 0, exceptions: 0 }
  for (const other of ['vtodo', 'vjournal', 'vfreebusy']) {
    for (const component of vcalendar.getAllSubcomponents(other))
      to.skipped(`${other.toUpperCase()} is not an event`, titleOf(component))
  }
  const byUid = Map.groupBy(vcalendar.getAllSubcomponents('vevent'), uidOf)
  for (const versions of byUid.values()) {
    const { master, exceptions } = sortVersions(versions, to.skipped)
    const made = master && attempt(master, to, () => enterMaster(master, to))
    if (made) counts.events += 1
    if (master && !made) continue
    for (const exception of exceptions) {
      if (!made) {
        if (attempt(exception, to, () => enterMaster(exception, to))) counts.events += 1
      } else if (attempt(exception, to, () => enterException(exception, made, to))) counts.exceptions += 1
    }
  }
  return counts
}

function titleOf(component: ICAL.Component): string {
  return String(
    component.getFirstPropertyValue('summary') ?? component.getFirstPropertyValue('uid') ?? '(untitled)',
  )
}

/** Without a UID an event is on its own. */
function uidOf(vevent: ICAL.Component, index: number): string {
  return String(vevent.getFirstPropertyValue('uid') ?? `no uid ${index}`)
}

/** The newest version of the event itself and of each of its changed days. */
function sortVersions(versions: ICAL.Component[], skipped: Skipped) {
  const newest = new Map<string, ICAL.Component>()
  for (const version of versions) {
    const key = String(version.getFirstPropertyValue('recurrence-id') ?? '')
    const rival = newest.get(key)
    if (rival) skipped('older version of the same event', titleOf(version))
    if (!rival || sequenceOf(version) >= sequenceOf(rival)) newest.set(key, version)
  }
  const master = newest.get('')
  newest.delete('')
  return { master, exceptions: [...newest.values()] }
}

function sequenceOf(vevent: ICAL.Component): number {
  return Number(vevent.getFirstPropertyValue('sequence') ?? 0)
}

/** One event that cannot be entered is counted with its reason; the rest goes on. */
function attempt<T>(vevent: ICAL.Component, { skipped }: Target, enter: () => T): T | undefined {
  try {
    return enter()
  } catch (error) {
    skipped(error instanceof Error ? error.message : String(error), titleOf(vevent))
  }
}

function enterMaster(vevent: ICAL.Component, to: Target): EventResource {
  if (isCancelled(vevent)) throw new Error('cancelled event')
  const { person, email, calendarId } = to
  return person.create({ email, calendarId, event: draftFor(vevent, to) })
}

/** The owner of the file becomes the account, so that their answers and their own events stay theirs. */
function draftFor(vevent: ICAL.Component, { clock, alias, email }: Target): EventDraft {
  const draft = draftOf(vevent, clock)
  const renamed = <Someone extends { email: string }>(someone: Someone): Someone =>
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

function enterException(vevent: ICAL.Component, master: EventResource, to: Target): true {
  const original = whenOf(vevent.getFirstProperty('recurrence-id'), to.clock)
  if (!original) throw new Error('changed day whose RECURRENCE-ID cannot be read')
  const { person, email, calendarId } = to
  const ref = { email, calendarId, eventId: instanceId(master, original) }
  if (isCancelled(vevent)) person.remove({ ...ref, scope: 'this' })
  else person.change({ ...ref, changes: changesOf(draftFor(vevent, to)), scope: 'this' })
  return true
}

/** An exception says everything anew: what it leaves out is empty on that day. */
function changesOf({ organizer: _, recurrence: __, ...draft }: EventDraft): EventDraft {
  const { summary = null, description = null, location = null, attendees = null } = draft
  const { transparency = 'opaque', visibility = 'default', status = 'confirmed' } = draft
  return { ...draft, summary, description, location, attendees, transparency, visibility, status }
}

function instanceId(master: EventResource, original: When): string {
  if (master.start.date)
    return `${master.id}_${('date' in original ? original.date : dateIn(original)).replaceAll('-', '')}`
  if ('date' in original) throw new Error('changed day of a timed series that names only a date')
  return `${master.id}_${instantOf(original).toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')}`
}

function dateIn(original: Exclude<When, { date: string }>): string {
  return 'wall' in original
    ? original.wall.toPlainDate().toString()
    : original.instant.toString().slice(0, 10)
}
