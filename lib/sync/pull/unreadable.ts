import { readEtags } from '#db/queries/mirror.ts'
import { inBatches } from '#lib/google/batch/in-batches.ts'
import { batchLimit } from '#lib/google/batch/send-batch.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { ceilings, spend } from '../budget.ts'
import type { SyncContext } from '../context.ts'
import { parseEventId } from '../core/event-id.ts'
import { parseItems, readEvent } from '../core/read-event.ts'
import { isIncomplete, type ParsedPage, type Read } from './cursor.ts'
import { pullOf } from './purposes.ts'
import { failed, isPersistent } from './read-again.ts'

/**
 * Items of a list that cannot be read. The sync token moves past them, so each may be a change that
 * would be lost: the list is read again, or the event is fetched by its id, before it is skipped.
 */
export const resolveUnreadable = async (
  context: SyncContext,
  read: Read,
  page: ParsedPage,
): Promise<ParsedPage | GoogleFailure> => {
  const refusal = await refusalOf(context, page)
  if (refusal && !isPersistent(context, refusal)) return failed(refusal)
  const { tooFar, odd } = unreadableOf(page)
  const sample = tooFar.slice(0, sampleSize)
  // So many are the fault of the answer.
  if (odd.length > batchLimit - sample.length && !isPersistent(context, unreadableItem)) return failed(unreadableItem)
  const listed = [...sample, ...odd].slice(0, batchLimit)
  if (listed.length === 0) return page
  const answers = await fetchAll(context, listed)
  const failure = answers.flatMap((answer) => (answer.ok ? [] : answer.failure)).find(isOfCalendar)
  if (failure) return failure
  const known = read.mode === 'delta' ? await readEtags(context.db, context.calendar.id, idsOf(listed)) : new Map()
  const outcomes = listed.map((item, n) => outcomeOf(item, answers[n], known, context))
  const isOddSample = tooFar.length > sampleSize && outcomes.slice(0, sampleSize).some((each) => each !== 'unreadable')
  if ((isOddSample || outcomes.includes('lagging')) && !isPersistent(context, unreadableItem))
    return failed(unreadableItem)
  const fetched = outcomes.filter((outcome) => typeof outcome === 'object')
  return withFetched(page, fetched, context)
}

const unreadableItem = 'unreadable-item'

/**
 * A person may have made any number of events at times that cannot be stored. They are complete in
 * the list; if these are the same by their ids, the others count as well.
 */
const sampleSize = 10

/** An item that may hold, or holds, a change of an event of ours. */
const refusalOf = async (context: SyncContext, page: ParsedPage): Promise<string | null> => {
  if (isIncomplete(page)) return 'unidentified-item'
  return (await pullOf(context).hasLiveMapping(context, page.unreadableIds)) ? unreadableItem : null
}

/** `etag` and `updated` are null where the item as a whole was refused. */
type Listed = { id: string; etag: string | null; updated: string | null }

/** Not events of ours: push fetches those. */
const unreadableOf = (page: ParsedPage): { tooFar: Listed[]; odd: Listed[] } => {
  const listed = (reasons: (reason: string) => boolean) =>
    page.items.flatMap((raw) => {
      const item = page.parsed.get(raw)
      if (item?.kind !== 'unreadable' || !raw.id || !reasons(item.reason) || isOurs(raw.id)) return []
      return [{ id: raw.id, etag: raw.etag ?? null, updated: raw.updated ?? null }]
    })
  const refused = page.unreadableIds.filter((id) => !isOurs(id)).map((id) => ({ id, etag: null, updated: null }))
  return {
    tooFar: listed((reason) => reason === 'out-of-range'),
    odd: [...listed((reason) => reason !== 'out-of-range'), ...refused],
  }
}

const isOurs = (id: string) => parseEventId(seriesIdOf(id)) !== null

const idsOf = (listed: Listed[]) => listed.map(({ id }) => id)

const fetchAll = (context: SyncContext, listed: Listed[]): Promise<GoogleAnswer<RawEvent>[]> => {
  const { api, leave } = inBatches(context.api, listed.length)
  const asBackfill = { ...context, ceiling: ceilings.backfill }
  const fetchOne = async (id: string) => {
    try {
      return await spend(asBackfill, 1, () => api.getEvent(context.calendarKey.calendarId, id))
    } finally {
      leave()
    }
  }
  return Promise.all(idsOf(listed).map(fetchOne))
}

/** An answer that is odd as well belongs to the event. */
const isOfCalendar = ({ kind, status }: GoogleFailure): boolean =>
  scopeOfFailure[kind] === 'calendar' || (kind === 'transient' && status !== 200)

/** The event, or why it is not stored. `lagging`: this is not the version that the list had. */
const outcomeOf = (
  listed: Listed,
  answer: GoogleAnswer<RawEvent> | undefined,
  known: ReadonlyMap<string, string>,
  { state }: SyncContext,
): RawEvent | 'lagging' | 'unreadable' => {
  if (!answer?.ok) return answer?.failure.kind === 'gone' ? 'lagging' : 'unreadable'
  const { data: raw } = answer
  if (raw.status !== 'cancelled' && readEvent(raw, state.calendarZone).kind === 'unreadable') return 'unreadable'
  return isListedVersion(raw, listed, known) ? raw : 'lagging'
}

const isListedVersion = ({ etag, updated }: RawEvent, listed: Listed, known: ReadonlyMap<string, string>): boolean => {
  if (listed.etag !== null && listed.etag === etag) return true
  if (listed.updated && updated) return Date.parse(updated) >= Date.parse(listed.updated)
  return known.get(listed.id) !== etag
}

const withFetched = (page: ParsedPage, fetched: RawEvent[], { state }: SyncContext): ParsedPage => {
  const ids = new Set(fetched.flatMap(({ id }) => id ?? []))
  const unreadableIds = page.unreadableIds.filter((id) => !ids.has(id))
  return {
    ...page,
    items: [...page.items.filter(({ id }) => !ids.has(id ?? '')), ...fetched],
    parsed: new Map([...page.parsed, ...parseItems(fetched, state.calendarZone)]),
    unreadableIds,
    unreadableItems: page.unreadableItems - (page.unreadableIds.length - unreadableIds.length),
  }
}
