import type { Context, Reply } from '../../http.ts'
import type { CalendarStore, ListEntry } from '../../model.ts'
import type { World } from '../../world.ts'
import { authenticate, findCalendar, openCalendar, roleOf } from '../access.ts'
import { readObject } from '../body.ts'
import { invalid, refused, required } from '../errors.ts'
import { readFlag } from '../lists/query.ts'
import { noContent, resourceReply } from '../reply.ts'
import { renderListEntry } from './calendars.ts'
import { dropListEntry, nextVersion } from './sharing.ts'

// Writes to an account's calendar list.

/** Adds a calendar that the account has access to; one that is there already is changed. */
export function insertListEntry(context: Context): Reply {
  const caller = authenticate(context, 'calendarList.insert')
  const { id, ...body } = readObject(context)
  if (!id) throw required('Missing calendar id.')
  const calendar = findCalendar(context.world, String(id))
  context.logFields.calendarId = String(id)
  if (!calendar || !roleOf(calendar, caller.email)) throw refused(404, 'notFound')
  const known = calendar.listed.get(caller.email)
  const entry = known && !known.deleted ? known : newListEntry(context.world)
  return writeEntry(context, {
    email: caller.email,
    calendar,
    entry: { ...entry, ...readEntry(context, body) },
  })
}

/** A calendar is not selected until the account selects it. */
export function newListEntry(world: World): ListEntry {
  return { hidden: false, selected: false, deleted: false, ...nextVersion(world) }
}

export function patchListEntry(context: Context): Reply {
  const { email, calendar, entry } = openEntry(context, 'calendarList.patch')
  return writeEntry(context, {
    email,
    calendar,
    entry: { ...entry, ...readEntry(context, readObject(context)) },
  })
}

/** PUT: fields missing from the body are reset. */
export function updateListEntry(context: Context): Reply {
  const { email, calendar } = openEntry(context, 'calendarList.update')
  const body = readEntry(context, readObject(context))
  return writeEntry(context, { email, calendar, entry: { ...newListEntry(context.world), ...body } })
}

export function deleteListEntry(context: Context): Reply {
  const { email, calendar } = openEntry(context, 'calendarList.delete')
  if (calendar.id === email)
    throw refused(403, 'cannotChangeOwnPrimarySubscription', 'Cannot remove the primary calendar.')
  dropListEntry(context.world, { calendar, email })
  context.world.notify({ email })
  return noContent()
}

function openEntry(context: Context, operation: string) {
  const caller = authenticate(context, operation)
  const { calendar } = openCalendar(context, caller)
  const entry = calendar.listed.get(caller.email)
  if (!entry || entry.deleted) throw refused(404, 'notFound')
  return { email: caller.email, calendar, entry }
}

function writeEntry(
  context: Context,
  { email, calendar, entry }: { email: string; calendar: CalendarStore; entry: ListEntry },
): Reply {
  const written = { ...entry, ...nextVersion(context.world) }
  calendar.listed.set(email, written)
  context.world.notify({ email })
  return resourceReply(context, renderListEntry(email, { calendar, entry: written }))
}

/** Colours in hexadecimal form count only with `colorRgbFormat=true`. */
function readEntry(context: Context, body: Record<string, unknown>): Partial<ListEntry> {
  const { colorId, summaryOverride, hidden, selected, backgroundColor, foregroundColor } = body
  const hex = readFlag(context.query, 'colorRgbFormat') ? { backgroundColor, foregroundColor } : {}
  const texts = { colorId, summaryOverride, ...hex }
  const flags = { hidden, selected }
  for (const [name, value] of Object.entries(texts))
    if (value !== undefined && value !== null && typeof value !== 'string') throw invalid(undefined, name)
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined && value !== null && typeof value !== 'boolean') throw invalid(undefined, name)
  return {
    ...Object.fromEntries(
      Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? undefined]])),
    ),
    ...Object.fromEntries(
      Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? false]])),
    ),
  }
}
