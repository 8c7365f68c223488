import { Temporal } from 'temporal-polyfill'
import type { SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { eventTypes } from '#lib/google/calendar-api.ts'
import type { EventPage } from '#lib/google/read-answer.ts'
import type { Span } from '#lib/recurrence/times.ts'
import { addMs, msBetween } from '../core/instant.ts'
import type { ParsedItems } from '../core/read-event.ts'
import { type SkippedEvent, skippedAfter, skippedFromJson } from '../core/skipped.ts'

/**
 * What the next page of a read is, and what is stored after it: pure, from the calendar as
 * committed.
 */

/** The list parameters that a sync token belongs to; a change of them starts a full read. */
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

export type Read = {
  mode: 'full' | 'delta'
  horizon: Span
  generation: number
  startedAt: string
  request: { syncToken?: string; pageToken?: string; timeMin?: string }
}

/** A page with its events parsed. */
export type ParsedPage = EventPage & { parsed: ParsedItems }

export const nextRead = (calendar: SyncedCalendar, now: string): Read => {
  const fits = calendar.syncParameters === parameters
  const resumes = fits && calendar.pageCursor && calendar.readMode && calendar.horizonStart && calendar.horizonEnd
  const mustBeFull = calendar.fullReadAt !== null && msBetween(calendar.fullReadAt, now) >= 0
  const delta = resumes ? calendar.readMode === 'delta' : fits && calendar.syncToken !== null && !mustBeFull
  const kept = calendar.horizonStart && calendar.horizonEnd && (resumes || delta)
  const horizon = kept ? { start: calendar.horizonStart ?? '', end: calendar.horizonEnd ?? '' } : horizonAt(now)
  return {
    mode: delta ? 'delta' : 'full',
    horizon,
    generation: delta || resumes ? calendar.generation : calendar.generation + 1,
    startedAt: (resumes && calendar.readFrom) || now,
    request: {
      ...(delta ? { syncToken: calendar.syncToken ?? '' } : { timeMin: withoutFraction(horizon.start) }),
      ...(resumes ? { pageToken: calendar.pageCursor ?? '' } : {}),
    },
  }
}

const withoutFraction = (instant: string) => instant.replace(/\.\d+/, '')

/** An item without a usable id may be any event of the calendar. */
export const isIncomplete = (page: EventPage) => page.unreadableItems > page.unreadableIds.length

/** Whether this page, or an earlier one of the read, had such an item. */
export const isReadIncomplete = ({ readIncomplete }: SyncedCalendar, { request }: Read, page: EventPage): boolean =>
  isIncomplete(page) || (request.pageToken !== undefined && readIncomplete)

/** When its last page has been read, the read lacks something that only a full read can bring. */
export const endsIncomplete = (calendar: SyncedCalendar, read: Read, page: EventPage): boolean =>
  page.nextPageToken === null && isReadIncomplete(calendar, read, page)

/**
 * From the end of an incomplete read to the full one, in milliseconds. Not at once: what was odd
 * for five minutes may be odd for another one. What a full read lacked may be missing for long;
 * until then changes arrive by the token.
 */
export const fullReadMs: Record<Read['mode'], number> = { delta: 60_000, full: 3_600_000 }

export const cursorAfter = (
  calendar: SyncedCalendar,
  read: Read,
  { page, now }: { page: EventPage; now: string },
): Partial<SyncedCalendar> => ({
  syncParameters: parameters,
  generation: read.generation,
  horizonStart: read.horizon.start,
  horizonEnd: read.horizon.end,
  pageCursor: page.nextPageToken,
  readMode: page.nextPageToken ? read.mode : null,
  readFrom: page.nextPageToken ? read.startedAt : null,
  syncToken: page.nextPageToken ? calendar.syncToken : page.nextSyncToken,
  ...(page.nextPageToken === null && { fullReadAt: fullReadAfter(calendar, read, { page, now }) }),
})

const fullReadAfter = (
  calendar: SyncedCalendar,
  read: Read,
  { page, now }: { page: EventPage; now: string },
): string | null => {
  if (endsIncomplete(calendar, read, page)) return addMs(now, fullReadMs[read.mode])
  return read.mode === 'full' ? null : calendar.fullReadAt
}

export const countsAfter = (
  calendar: SyncedCalendar,
  read: Read,
  page: { ids: ReadonlySet<string>; skipped: SkippedEvent[]; isIncomplete: boolean; isLast: boolean; now: string },
): Partial<SyncedCalendar> => {
  const first = read.mode === 'full' && !read.request.pageToken
  const before = first
    ? { imported: 0, skipped: { count: 0, events: [] } }
    : {
        imported: calendar.importedCount,
        skipped: { count: calendar.skippedCount, events: skippedFromJson(calendar.skippedEvents) },
      }
  const skipped = skippedAfter(before.skipped, page)
  return {
    ...(read.mode === 'full' && { importedCount: before.imported + page.ids.size }),
    readIncomplete: page.isIncomplete,
    skippedCount: skipped.count,
    skippedEvents: skipped.events,
    ...(page.isLast && !calendar.importedAt && { importedAt: page.now }),
  }
}
