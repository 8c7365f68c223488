import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { type ConnectionRow, holdsEpoch, updateConnection } from '#db/queries/connections.ts'
import {
  type CopyRow,
  countLiveCopies,
  markCopiesSeen,
  readCopies,
  readCopiesByEvent,
  readUnseenCopies,
} from '#db/queries/copies.ts'
import { countUnseen, deleteEvents, readUnseen } from '#db/queries/mirror.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { type EventPage, eventTypes } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import { announce } from '#lib/live/announce.ts'
import { log } from '#lib/log.ts'
import type { SyncContext } from './context.ts'
import type { Seen } from './core/content.ts'
import { claimedAppointment } from './core/identity.ts'
import { type RawEvent, readEvent, readSeen } from './core/read-event.ts'
import type { Span } from './core/times.ts'
import { applySightings, type Sighting } from './follow.ts'
import { expandSeries, type Mirrored, writeMirror } from './mirror.ts'

/**
 * Google → Sophiie, one page at a time. Every page is committed with its cursor, the sync token with the last page: a
 * process that dies resumes at the page. Nothing is ever removed because of an error, an empty page or a missing token.
 */

export type PullOutcome =
  | { state: 'more' }
  | { state: 'done'; changed: boolean }
  /** The full read would remove most of the mirror: the owner is asked. */
  | { state: 'brake'; wouldRemove: number }
  | { state: 'unlinked' }
  | { state: 'failed'; failure: GoogleFailure }

/** The parameters that a sync token belongs to; another set starts a full read. */
const parameters = `v1:singleEvents=false:${eventTypes.join(',')}`

const monthsBack = 3
const monthsAhead = 25

export const horizonAt = (now: string): Span => {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO('UTC').startOfDay()
  const month = (zoned: Temporal.ZonedDateTime) => zoned.toInstant().toString()
  return {
    start: month(today.subtract({ months: monthsBack })),
    end: month(today.add({ months: monthsAhead })),
  }
}

type Read = {
  mode: 'full' | 'delta'
  horizon: Span
  generation: number
  startedAt: string
  request: { syncToken?: string; pageToken?: string; timeMin?: string }
}

/** Reads and commits the next page of the running read, or of a new one. `known` is the connection as last committed. */
export const pullPage = async (context: SyncContext): Promise<PullOutcome> => {
  const read = nextRead(context.connection, context.now())
  const answer = await ask(context, read)
  if (answer.ok) return commitPage(context, read, answer.data)
  if (answer.failure.kind !== 'cursor-lost') return { state: 'failed', failure: answer.failure }
  // A full read without any cursor cannot have lost one: that is trouble of another kind.
  if (!read.request.syncToken && !read.request.pageToken)
    return { state: 'failed', failure: { ...answer.failure, kind: 'transient' } }
  return forgetCursor(context)
}

/** While a page is being written the next one is on its way: a read of many pages waits for the slower of both only. */
const ask = async (context: SyncContext, read: Read): Promise<GoogleAnswer<EventPage>> => {
  const { api, place, ahead } = context
  context.ahead = null
  const isAhead = ahead !== null && ahead.pageToken === read.request.pageToken
  const answer = await (isAhead ? ahead.answer : api.listEvents(place.calendarId, read.request))
  const pageToken = answer.ok ? answer.data.nextPageToken : null
  if (!pageToken || Date.now() >= context.deadline) return answer
  const next = api.listEvents(place.calendarId, { ...read.request, pageToken })
  // Taken up with the next page, or never when this one cannot be written.
  next.catch(() => {})
  context.ahead = { pageToken, answer: next }
  return answer
}

const nextRead = (connection: ConnectionRow, now: string): Read => {
  const fits = connection.syncParameters === parameters
  const resumes =
    fits && connection.pageCursor && connection.readMode && connection.horizonStart && connection.horizonEnd
  const delta = resumes ? connection.readMode === 'delta' : fits && connection.syncToken !== null
  const kept = connection.horizonStart && connection.horizonEnd && (resumes || delta)
  const horizon = kept
    ? { start: connection.horizonStart ?? '', end: connection.horizonEnd ?? '' }
    : horizonAt(now)
  return {
    mode: delta ? 'delta' : 'full',
    horizon,
    generation: delta || resumes ? connection.generation : connection.generation + 1,
    startedAt: (resumes && connection.readFrom) || now,
    request: {
      ...(delta ? { syncToken: connection.syncToken ?? '' } : { timeMin: withoutFraction(horizon.start) }),
      ...(resumes ? { pageToken: connection.pageCursor ?? '' } : {}),
    },
  }
}

const withoutFraction = (instant: string) => instant.replace(/\.\d+/, '')

/** 410, or a token Google does not know: read everything again, beside what is stored. */
const forgetCursor = async (context: SyncContext): Promise<PullOutcome> => {
  const change = { syncToken: null, pageCursor: null, readMode: null, readFrom: null }
  const held = await recordUnderEpoch(context, (tx) => updateConnection(tx, context.connection.id, change))
  if (!held) return { state: 'unlinked' }
  Object.assign(context.connection, change)
  log('info', 'sync.cursor-lost', { connectionId: context.connection.id })
  return { state: 'more' }
}

/** The calendar moved to another zone: every all-day event takes other hours now. */
const moveZone = async (context: SyncContext, calendarZone: string): Promise<PullOutcome> => {
  const held = await recordUnderEpoch(context, (tx) =>
    updateConnection(tx, context.connection.id, { calendarZone }),
  )
  if (!held) return { state: 'unlinked' }
  Object.assign(context, { calendarZone })
  context.connection.calendarZone = calendarZone
  return forgetCursor(context)
}

/** Nothing changed: the new token is written with the success of the look. Without it, the old one reads the same again. */
const keepForLater = (context: SyncContext, read: Read, page: EventPage): PullOutcome => {
  const { syncToken, pageCursor, readMode, readFrom } = cursorAfter(context.connection, read, page)
  const change = { syncToken, pageCursor, readMode, readFrom }
  context.unsaved = change
  Object.assign(context.connection, change)
  return { state: 'done', changed: false }
}

const commitPage = async (context: SyncContext, read: Read, page: EventPage): Promise<PullOutcome> => {
  if (page.timeZone && page.timeZone !== context.calendarZone) return moveZone(context, page.timeZone)
  if (read.mode === 'delta' && page.items.length === 0 && page.nextPageToken === null)
    return keepForLater(context, read, page)
  const last = page.nextPageToken === null
  let outcome: PullOutcome = last ? { state: 'done', changed: page.items.length > 0 } : { state: 'more' }
  let change: Partial<ConnectionRow> = {}
  const held = await recordUnderEpoch(context, async (tx) => {
    const skipped = await writePage(tx, context, read, page)
    const brake = last && read.mode === 'full' ? await sweep(tx, context, read) : null
    if (brake) outcome = brake
    change = {
      ...cursorAfter(context.connection, read, page),
      ...countsAfter(context.connection, read, page, skipped),
    }
    if (brake) Object.assign(change, { syncToken: null, importedAt: context.connection.importedAt })
    await updateConnection(tx, context.connection.id, change)
    if (page.items.length > 0 || (last && read.mode === 'full')) await announce(tx, context.businessId)
  })
  if (!held) return { state: 'unlinked' }
  Object.assign(context.connection, change)
  return outcome
}

const cursorAfter = (connection: ConnectionRow, read: Read, page: EventPage): Partial<ConnectionRow> => ({
  syncParameters: parameters,
  generation: read.generation,
  horizonStart: read.horizon.start,
  horizonEnd: read.horizon.end,
  pageCursor: page.nextPageToken,
  readMode: page.nextPageToken ? read.mode : null,
  readFrom: page.nextPageToken ? read.startedAt : null,
  syncToken: page.nextPageToken ? connection.syncToken : page.nextSyncToken,
})

const countsAfter = (
  connection: ConnectionRow,
  read: Read,
  page: EventPage,
  skipped: number,
): Partial<ConnectionRow> => {
  const first = read.mode === 'full' && !read.request.pageToken
  const before = first
    ? { imported: 0, skipped: 0 }
    : { imported: connection.importedCount, skipped: connection.skippedCount }
  return {
    ...(read.mode === 'full' && { importedCount: before.imported + page.items.length }),
    skippedCount: before.skipped + skipped,
    ...(page.nextPageToken === null && !connection.importedAt && { importedAt: new Date().toISOString() }),
  }
}

/** Copies go to their appointments, all others into the mirror. Returns how many events could not be read. */
const writePage = async (tx: Tx, context: SyncContext, read: Read, page: EventPage): Promise<number> => {
  const zone = context.calendarZone
  const copies = await copiesAmong(tx, context, page.items)
  const ours = page.items.filter((raw) => copies.has(raw.id ?? ''))
  const sightings = ours.flatMap((raw) => sightingOf(raw, copies, context))
  const seenIds = [...copies.values()].map((copy) => copy.appointmentId)

  const events: Mirrored[] = []
  const deleted: string[] = []
  let skipped = 0
  for (const raw of page.items) {
    const copy = copies.get(raw.id ?? '')
    const series = (raw.recurrence?.length ?? 0) > 0
    if (copy && !series) {
      deleted.push(copy.eventId)
      continue
    }
    const item = readEvent(raw, zone)
    if (item.kind === 'live')
      events.push(copy ? { ...item.event, appointmentId: copy.appointmentId } : item.event)
    if (item.kind === 'deleted') deleted.push(item.id)
    if (item.kind === 'unreadable') {
      skipped++
      log('warn', 'sync.unreadable-event', {
        connectionId: context.connection.id,
        eventId: item.id,
        reason: item.reason,
      })
    }
  }
  await applySightings(tx, context, sightings, { generation: read.generation })
  if (read.mode === 'full')
    await markCopiesSeen(tx, context.place, { appointmentIds: seenIds, generation: read.generation })
  await writeMirror(tx, context, { events, deleted, horizon: read.horizon, generation: read.generation })
  return skipped
}

/** By stored id first; then an event that is ours by id and marker, though nobody recorded it (a crash after a push). */
const copiesAmong = async (
  tx: Tx,
  context: SyncContext,
  items: RawEvent[],
): Promise<Map<string, CopyRow>> => {
  const ids = items.flatMap((raw) => raw.id ?? [])
  const byEvent = new Map(
    (await readCopiesByEvent(tx, context.place, ids)).map((copy) => [copy.eventId, copy]),
  )
  for (const raw of items) {
    const id = raw.id ?? ''
    const claim = byEvent.has(id)
      ? null
      : claimedAppointment(
          { id, privateProperties: raw.extendedProperties?.private ?? {} },
          context.businessId,
        )
    const adopted = claim && (await adoptable(tx, context, { id, ...claim }))
    if (adopted) byEvent.set(id, adopted)
  }
  return byEvent
}

const adoptable = async (
  tx: Tx,
  context: SyncContext,
  claim: { id: string; appointmentId: string; epoch: number },
): Promise<CopyRow | null> => {
  const [recorded] = await readCopies(tx, context.place, [claim.appointmentId])
  if (recorded && recorded.state !== 'pending') return null
  if (!(await readAppointment(tx, { businessId: context.businessId, id: claim.appointmentId }))) return null
  return { ...emptyCopy(context, claim.appointmentId), eventId: claim.id, idEpoch: claim.epoch }
}

export const emptyCopy = (context: SyncContext, appointmentId: string): CopyRow => ({
  ...context.place,
  appointmentId,
  eventId: '',
  idEpoch: 0,
  etag: null,
  base: null,
  seen: null,
  htmlLink: '',
  state: 'pending',
  generation: 0,
  revisionPushed: 0,
  attempts: 0,
  nextAttemptAt: null,
  lastErrorKind: null,
  lastErrorDetail: null,
  waitingSince: null,
  rejectedRevision: null,
  leaving: false,
  pushedAt: null,
})

/** Our own write comes back with the etag we know: no sighting at all. */
const sightingOf = (raw: RawEvent, copies: Map<string, CopyRow>, context: SyncContext): Sighting[] => {
  const copy = copies.get(raw.id ?? '')
  if (!copy) return []
  if (raw.status === 'cancelled') return [{ copy, remote: { state: 'gone' } }]
  if (copy.state === 'live' && copy.etag === raw.etag) return []
  const seen = readSeen(raw, context.rules.timeZone)
  if (!seen || isOlder(seen, copy)) return []
  return [{ copy, remote: { state: 'present', seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' } }]
}

/** Reads may lag behind writes: a version from before the one we know is no news. */
const isOlder = (seen: Seen, copy: CopyRow) => {
  const known = (copy.seen as Seen | null)?.updated
  return copy.state === 'live' && known && seen.updated ? Date.parse(seen.updated) < Date.parse(known) : false
}

const brakeShare = 0.5
const brakeCount = 50

/** After the last page of a full read: what it should have contained and did not is gone. */
const sweep = async (tx: Tx, context: SyncContext, read: Read): Promise<PullOutcome | null> => {
  const { connection } = context
  const scope = { connectionId: connection.id, generation: read.generation, from: read.horizon.start }
  const { unseen, stored } = await countUnseen(tx, scope)
  const missing = await readUnseenCopies(tx, context.place, {
    generation: read.generation,
    from: read.horizon.start,
    startedAt: read.startedAt,
  })
  const wouldRemove = unseen + missing.length
  const all = stored + (await countLiveCopies(tx, context.place, read.horizon.start))
  if (wouldRemove > brakeCount && wouldRemove > all * brakeShare && !connection.brakeReleased)
    return { state: 'brake', wouldRemove }
  const gone = await readUnseen(tx, scope)
  await deleteEvents(
    tx,
    connection.id,
    gone.map((event) => event.eventId),
  )
  const series = gone.flatMap((event) => event.recurringEventId ?? [])
  await expandSeries(tx, context, { seriesIds: [...new Set(series)], horizon: read.horizon })

  const copies = await readCopies(tx, context.place, missing)
  await applySightings(
    tx,
    context,
    copies.map((copy) => ({ copy, remote: { state: 'gone' } })),
    { generation: read.generation },
  )
  if (connection.brakeReleased) await updateConnection(tx, connection.id, { brakeReleased: false })
  if (unseen > 0)
    await recordActivity(tx, [
      {
        businessId: context.businessId,
        actor: { kind: 'google' },
        what: 'google.events-removed',
        detail: `${unseen} events are no longer in the calendar.`,
      },
    ])
  return null
}

/** False when the connection was unlinked, reconnected or moved to another calendar meanwhile: nothing is recorded. */
export const recordUnderEpoch = (context: SyncContext, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    if (!(await holdsEpoch(tx, context.connection))) return false
    await work(tx)
    return true
  })
