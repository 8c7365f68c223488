import { type ConnectionRow, updateConnection } from '#db/queries/connections.ts'
import type { EventPage } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import type { SyncContext } from '../context.ts'
import { readItems } from '../core/read-event.ts'
import { withFence } from '../fence.ts'
import { notWritable } from '../resolve-event.ts'
import { countsAfter, cursorAfter, nextRead, type Read, type ReadPage } from './cursor.ts'
import { writePage } from './page.ts'
import { type DeletionGuard, sweep } from './sweep.ts'

/**
 * Google → Sophiie, one page at a time. Every page is committed with its cursor, the sync token with the last page: a
 * process that dies resumes at the page. Nothing is ever removed because of an error, an empty page or a missing token.
 */

export type PullOutcome =
  | { state: 'more' }
  | { state: 'done'; changed: boolean }
  | DeletionGuard
  | { state: 'unlinked' }
  | { state: 'failed'; failure: GoogleFailure }

/** Reads and commits the next page of the running read, or of a new one. `known` is the connection as last committed. */
export const pullPage = async (context: SyncContext): Promise<PullOutcome> => {
  const read = nextRead(context.connection, context.now())
  if (read.mode === 'full') context.unsettled = true
  const answer = await ask(context, read)
  if (answer.ok && !readsOnly.includes(answer.data.accessRole ?? ''))
    return commitPage(context, read, answer.data)
  if (answer.ok) return { state: 'failed', failure: notWritable }
  if (answer.failure.kind !== 'cursor-lost') return { state: 'failed', failure: answer.failure }
  // A full read without any cursor cannot have lost one: that is trouble of another kind.
  if (!read.request.syncToken && !read.request.pageToken)
    return { state: 'failed', failure: { ...answer.failure, kind: 'transient' } }
  return forgetCursor(context)
}

const readsOnly = ['reader', 'freeBusyReader']

/**
 * While a page is being written the next one is on its way, and is read when it arrives: a read of many pages waits for the slower of
 * both only.
 */
const ask = async (context: SyncContext, read: Read): Promise<GoogleAnswer<ReadPage>> => {
  const { ahead } = context
  context.ahead = null
  const isAhead = ahead !== null && ahead.pageToken === read.request.pageToken
  const answer = await (isAhead ? ahead.answer : list(context, read.request))
  const pageToken = answer.ok ? answer.data.nextPageToken : null
  if (!pageToken || Date.now() >= context.deadline) return answer
  const next = list(context, { ...read.request, pageToken })
  // Taken up with the next page, or never when this one cannot be written.
  next.catch(() => {})
  context.ahead = { pageToken, answer: next }
  return answer
}

const list = async (
  { api, place, calendarZone }: SyncContext,
  request: Read['request'],
): Promise<GoogleAnswer<ReadPage>> => {
  const answer = await api.listEvents(place.calendarId, request)
  return answer.ok
    ? { ok: true, data: { ...answer.data, readings: readItems(answer.data.items, calendarZone) } }
    : answer
}

/** 410, or a token Google does not know: read everything again, beside what is stored. */
const forgetCursor = async (context: SyncContext): Promise<PullOutcome> => {
  const change = { syncToken: null, pageCursor: null, readMode: null, readFrom: null }
  const held = await withFence(context, (tx) => updateConnection(tx, context.connection.id, change))
  if (!held) return { state: 'unlinked' }
  Object.assign(context.connection, change)
  log('info', 'sync.cursor-lost', { connectionId: context.connection.id })
  return { state: 'more' }
}

/** The calendar moved to another zone: every all-day event takes other hours now. */
const moveZone = async (context: SyncContext, calendarZone: string): Promise<PullOutcome> => {
  const held = await withFence(context, (tx) => updateConnection(tx, context.connection.id, { calendarZone }))
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

const commitPage = async (context: SyncContext, read: Read, page: ReadPage): Promise<PullOutcome> => {
  if (page.timeZone && page.timeZone !== context.calendarZone) return moveZone(context, page.timeZone)
  if (read.mode === 'delta' && page.items.length === 0 && page.nextPageToken === null)
    return keepForLater(context, read, page)
  const last = page.nextPageToken === null
  let outcome: PullOutcome = { state: 'more' }
  let change: Partial<ConnectionRow> = {}
  const held = await withFence(context, async (tx) => {
    const { skipped, news } = await writePage(tx, context, read, page)
    const full = read.mode === 'full'
    const brake = last && full ? await sweep(tx, context, read) : null
    if (last) outcome = brake ?? { state: 'done', changed: news || full }
    change = {
      ...cursorAfter(context.connection, read, page),
      ...countsAfter(context.connection, read, page, skipped),
    }
    if (brake) Object.assign(change, { syncToken: null, importedAt: context.connection.importedAt })
    // Sent together: neither waits for the other's answer.
    await Promise.all([
      updateConnection(tx, context.connection.id, change),
      (news || full) && publishChange(tx, context.businessId, full ? 'anything' : 'rows'),
    ])
  })
  if (!held) return { state: 'unlinked' }
  Object.assign(context.connection, change)
  return outcome
}
