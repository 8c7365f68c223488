import { type SyncedCalendar, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { EventPage } from '#lib/google/read-answer.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import { isPastDeadline, type SyncContext } from '../context.ts'
import { isItemError, isolateFailing } from '../core/item-error.ts'
import { parseItems } from '../core/read-event.ts'
import { enqueueSync } from '../enqueue.ts'
import { withFence } from '../fence.ts'
import { readOnlyAccess } from '../resolve-event.ts'
import {
  countsAfter,
  cursorAfter,
  endsIncomplete,
  fullReadMs,
  isReadIncomplete,
  nextRead,
  type ParsedPage,
  type Read,
} from './cursor.ts'
import { pullOf } from './purposes.ts'
import { failed, isPersistent } from './read-again.ts'
import { type DeletionGuard, sweep, verifyAbsence } from './sweep.ts'
import { resolveUnreadable } from './unreadable.ts'

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
  const read = nextRead(context.state.calendar, context.now())
  if (read.mode === 'full') context.state.mayBeDirty = true
  const answer = await fetchPage(context, read)
  if (answer.ok)
    return pullOf(context).insufficientRoles.includes(answer.data.accessRole ?? '')
      ? { state: 'failed', failure: readOnlyAccess }
      : commitPage(context, read, answer.data)
  if (answer.failure.kind !== 'cursor-lost') return { state: 'failed', failure: answer.failure }
  // A read without a cursor cannot have lost it, and reads that lose it again and again do not get
  // on: Google failed in another way.
  const hasCursor = Boolean(read.request.syncToken || read.request.pageToken)
  if (!hasCursor || context.state.pages.lostCursors >= mostLostCursors)
    return { state: 'failed', failure: { ...answer.failure, kind: 'transient' } }
  return forgetCursor(context)
}

/** In one run: a sync token, and page tokens of the full reads that follow. */
const mostLostCursors = 3

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
  if (!(await saveCalendar(context, change))) return { state: 'unlinked' }
  context.state.pages = { tokens: new Set(), empty: 0, lostCursors: context.state.pages.lostCursors + 1 }
  log('info', 'sync.cursor-lost', { syncedCalendarId: context.calendar.id })
  return { state: 'more' }
}

/**
 * The zone of the calendar changed: every all-day event covers other hours, so all are read again.
 */
const changeZone = async (context: SyncContext, calendarZone: string): Promise<PullOutcome> => {
  if (!(await saveCalendar(context, { calendarZone }))) return { state: 'unlinked' }
  context.state.calendarZone = calendarZone
  return forgetCursor(context)
}

const saveCalendar = async (context: SyncContext, change: Partial<SyncedCalendar>): Promise<boolean> => {
  const isSaved = await withFence(context, (tx) => updateSyncedCalendar(tx, context.calendar.id, change))
  if (isSaved) Object.assign(context.state.calendar, change)
  return isSaved
}

/**
 * Saves the new sync token with the success of the run; without it, the old token reads the same
 * again.
 */
const saveTokenLater = ({ state, now }: SyncContext, read: Read, page: EventPage): PullOutcome => {
  const after = cursorAfter(state.calendar, read, { page, now: now() })
  const { syncToken, pageCursor, readMode, readFrom } = after
  state.unsaved = { syncToken, pageCursor, readMode, readFrom }
  Object.assign(state.calendar, state.unsaved)
  return { state: 'done', changed: false }
}

const mostEmptyPages = 20

/** Pages that lead back to an earlier one, or that have had no items for long, never end. */
const makesProgress = ({ state: { pages } }: SyncContext, { items, nextPageToken }: ParsedPage): boolean => {
  pages.empty = items.length === 0 && nextPageToken ? pages.empty + 1 : 0
  if (pages.empty > mostEmptyPages || (nextPageToken && pages.tokens.has(nextPageToken))) return false
  if (nextPageToken) pages.tokens.add(nextPageToken)
  return true
}

/**
 * Whether absence from a full read means anything. A read that lacks an existing event is repeated,
 * for as long as reads may lag; if Google keeps leaving it out (an invitation that is hidden, for
 * example), nothing is removed.
 */
const completenessOf = async (
  context: SyncContext,
  read: Read,
  page: ParsedPage,
): Promise<'complete' | 'incomplete' | GoogleFailure> => {
  if (isReadIncomplete(context.state.calendar, read, page)) return 'incomplete'
  const absence = await verifyAbsence(context, { read, page })
  if (absence === 'verified') return 'complete'
  if (absence !== 'contradiction') return absence
  return isPersistent(context, incompleteRead) ? 'incomplete' : failed(incompleteRead)
}

const incompleteRead = 'incomplete-read'

const commitPage = async (context: SyncContext, read: Read, listed: ParsedPage): Promise<PullOutcome> => {
  const { state } = context
  if (listed.timeZone && listed.timeZone !== state.calendarZone) return changeZone(context, listed.timeZone)
  const isLast = listed.nextPageToken === null
  if (await pullOf(context).hasStrippedEvent(context, listed)) return { state: 'failed', failure: readOnlyAccess }
  if (!makesProgress(context, listed)) return { state: 'failed', failure: failed('page-repeats') }
  const page = await resolveUnreadable(context, read, listed)
  if ('kind' in page) return { state: 'failed', failure: page }
  const isEmpty = page.items.length === 0 && page.unreadableItems === 0
  const isNothing = isEmpty && isLast && !endsIncomplete(state.calendar, read, page)
  if (read.mode === 'delta' && isNothing) return saveTokenLater(context, read, page)
  const completeness = isLast && read.mode === 'full' ? await completenessOf(context, read, page) : 'complete'
  if (typeof completeness !== 'string') return { state: 'failed', failure: completeness }
  const ids = new Set(page.items.flatMap((raw) => raw.id ?? []))
  const last = { ids, isLast, isComplete: completeness === 'complete' }
  try {
    return await commit(context, read, { page, ...last })
  } catch (error) {
    if (!isItemError(error)) throw error
    return commitInParts(context, read, { page, ...last })
  }
}

type Committing = {
  page: ParsedPage
  /** Of all items of the page, also of those that are written already. */
  ids: ReadonlySet<string>
  isLast: boolean
  isComplete: boolean
  /** Parts of the page are written already. */
  isInParts?: boolean
}

/** Some event cannot be stored: all others are written, that one is skipped. */
const commitInParts = async (context: SyncContext, read: Read, { page, ...last }: Committing): Promise<PullOutcome> => {
  const nothingUnread = { unreadableItems: 0, unreadableIds: [] }
  const failing = await isolateFailing(page.items, async (items) => {
    await withFence(
      context,
      async (tx) => void (await pullOf(context).writePage(tx, context, read, { ...page, ...nothingUnread, items })),
    )
  })
  const unstorable = failing.flatMap((raw) => raw.id ?? [])
  const syncedCalendarId = context.calendar.id
  for (const eventId of unstorable) log('warn', 'sync.unstorable-event', { syncedCalendarId, eventId })
  const rest = { ...page, items: [], unreadableIds: [...page.unreadableIds, ...unstorable] }
  const unreadableItems = page.unreadableItems + unstorable.length
  return commit(context, read, { page: { ...rest, unreadableItems }, ...last, isInParts: true })
}

/** The page, its cursor, and after the last page of a full read the sweep, in one transaction. */
const commit = async (
  context: SyncContext,
  read: Read,
  { page, ids, isLast, isComplete, isInParts = false }: Committing,
): Promise<PullOutcome> => {
  const { state } = context
  const isFull = read.mode === 'full'
  let outcome: PullOutcome = { state: 'more' }
  let change: Partial<SyncedCalendar> = {}
  const isCommitted = await withFence(context, async (tx) => {
    const written = await pullOf(context).writePage(tx, context, read, page)
    const { skipped } = written
    const changed = written.changed || isInParts
    const guard = isLast && isFull ? await sweep(tx, context, { read, isComplete }) : null
    if (isLast) outcome = guard ?? { state: 'done', changed: changed || isFull }
    const isIncomplete = isReadIncomplete(state.calendar, read, page)
    const now = context.now()
    const counted = { ids, skipped, isIncomplete, isLast, now }
    change = {
      ...cursorAfter(state.calendar, read, { page, now }),
      ...countsAfter(state.calendar, read, counted),
      ...(guard && { syncToken: null, importedAt: state.calendar.importedAt }),
    }
    // Sent together: neither waits for the other's answer.
    await Promise.all([
      isLast && isIncomplete && enqueueSync(tx, context.calendar.id, { later: fullReadMs[read.mode] }),
      updateSyncedCalendar(tx, context.calendar.id, change),
      (changed || isFull) && publishChange(tx, context.businessId, isFull ? 'anything' : 'rows'),
    ])
  })
  if (!isCommitted) return { state: 'unlinked' }
  Object.assign(state.calendar, change)
  return outcome
}
