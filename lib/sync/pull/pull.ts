import { type ConnectionRow, updateConnection } from '#db/queries/sync/connections.ts'
import type { EventPage } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import { isPastDeadline, type SyncContext } from '../context.ts'
import { parseItems } from '../core/read-event.ts'
import { withFence } from '../fence.ts'
import { readOnlyAccess } from '../resolve-event.ts'
import { countsAfter, cursorAfter, nextRead, type ParsedPage, type Read } from './cursor.ts'
import { writePage } from './page.ts'
import { type DeletionGuard, sweep } from './sweep.ts'

/**
 * Google → Sophiie, one page at a time. Each page is committed with its cursor, the sync token with
 * the last page: after a crash the next run resumes at the page. Nothing is removed because of an
 * error, an empty page or a missing token.
 */

export type PullOutcome =
  | { state: 'more' }
  | { state: 'done'; changed: boolean }
  | DeletionGuard
  | { state: 'unlinked' }
  | { state: 'failed'; failure: GoogleFailure }

/** Reads and commits the next page of the unfinished read, or the first of a new one. */
export const pullPage = async (context: SyncContext): Promise<PullOutcome> => {
  const read = nextRead(context.state.connection, context.now())
  if (read.mode === 'full') context.state.mayBeDirty = true
  const answer = await fetchPage(context, read)
  if (answer.ok)
    return readOnlyRoles.includes(answer.data.accessRole ?? '')
      ? { state: 'failed', failure: readOnlyAccess }
      : commitPage(context, read, answer.data)
  if (answer.failure.kind !== 'cursor-lost') return { state: 'failed', failure: answer.failure }
  // A read without a cursor cannot have lost it: Google failed in another way.
  if (!read.request.syncToken && !read.request.pageToken)
    return { state: 'failed', failure: { ...answer.failure, kind: 'transient' } }
  return forgetCursor(context)
}

const readOnlyRoles = ['reader', 'freeBusyReader']

/** Requests the page after this one as well, so that reading and writing pages overlap. */
const fetchPage = async (context: SyncContext, read: Read): Promise<GoogleAnswer<ParsedPage>> => {
  const { state } = context
  const { readAhead } = state
  state.readAhead = null
  const isAhead = readAhead !== null && readAhead.pageToken === read.request.pageToken
  const answer = await (isAhead ? readAhead.answer : listEvents(context, read.request))
  const pageToken = answer.ok ? answer.data.nextPageToken : null
  if (!pageToken || isPastDeadline(context)) return answer
  const next = listEvents(context, { ...read.request, pageToken })
  // Awaited with the next page; this only silences the unhandled-rejection warning.
  next.catch(() => {})
  state.readAhead = { pageToken, answer: next }
  return answer
}

const listEvents = async (
  { api, calendarKey, state }: SyncContext,
  request: Read['request'],
): Promise<GoogleAnswer<ParsedPage>> => {
  const answer = await api.listEvents(calendarKey.calendarId, request)
  return answer.ok
    ? { ok: true, data: { ...answer.data, parsed: parseItems(answer.data.items, state.calendarZone) } }
    : answer
}

/** 410, or an invalid sync token: a full read in a new generation, beside what is stored. */
const forgetCursor = async (context: SyncContext): Promise<PullOutcome> => {
  const change = { syncToken: null, pageCursor: null, readMode: null, readFrom: null }
  if (!(await saveConnection(context, change))) return { state: 'unlinked' }
  log('info', 'sync.cursor-lost', { connectionId: context.connection.id })
  return { state: 'more' }
}

/**
 * The zone of the calendar changed: every all-day event covers other hours, so all are read again.
 */
const changeZone = async (context: SyncContext, calendarZone: string): Promise<PullOutcome> => {
  if (!(await saveConnection(context, { calendarZone }))) return { state: 'unlinked' }
  context.state.calendarZone = calendarZone
  return forgetCursor(context)
}

const saveConnection = async (context: SyncContext, change: Partial<ConnectionRow>): Promise<boolean> => {
  const isSaved = await withFence(context, (tx) => updateConnection(tx, context.connection.id, change))
  if (isSaved) Object.assign(context.state.connection, change)
  return isSaved
}

/**
 * Saves the new sync token with the success of the run; without it, the old token reads the same
 * again.
 */
const saveTokenLater = ({ state }: SyncContext, read: Read, page: EventPage): PullOutcome => {
  const { syncToken, pageCursor, readMode, readFrom } = cursorAfter(state.connection, read, page)
  state.unsaved = { syncToken, pageCursor, readMode, readFrom }
  Object.assign(state.connection, state.unsaved)
  return { state: 'done', changed: false }
}

const commitPage = async (context: SyncContext, read: Read, page: ParsedPage): Promise<PullOutcome> => {
  const { state } = context
  if (page.timeZone && page.timeZone !== state.calendarZone) return changeZone(context, page.timeZone)
  const isLast = page.nextPageToken === null
  if (read.mode === 'delta' && page.items.length === 0 && isLast) return saveTokenLater(context, read, page)
  const isFull = read.mode === 'full'
  let outcome: PullOutcome = { state: 'more' }
  let change: Partial<ConnectionRow> = {}
  const isCommitted = await withFence(context, async (tx) => {
    const { skipped, changed } = await writePage(tx, context, read, page)
    const guard = isLast && isFull ? await sweep(tx, context, read) : null
    if (isLast) outcome = guard ?? { state: 'done', changed: changed || isFull }
    const counted = { items: page.items.length, skipped, isLast, now: context.now() }
    change = {
      ...cursorAfter(state.connection, read, page),
      ...countsAfter(state.connection, read, counted),
      ...(guard && { syncToken: null, importedAt: state.connection.importedAt }),
    }
    // Sent together: neither waits for the other's answer.
    await Promise.all([
      updateConnection(tx, context.connection.id, change),
      (changed || isFull) && publishChange(tx, context.businessId, isFull ? 'anything' : 'rows'),
    ])
  })
  if (!isCommitted) return { state: 'unlinked' }
  Object.assign(state.connection, change)
  return outcome
}
