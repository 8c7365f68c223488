import type { BusinessId } from '#db/business-id.ts'
import type { Database, Db, Tx } from '#db/client.ts'
import { type DirtyAppointment, readWaitingMappings } from '#db/queries/mappings/dirty.ts'
import type { CalendarKey } from '#db/queries/mappings/mappings.ts'
import { readSyncedCalendar, type SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { readProjectionFacts } from '#db/queries/sync/projection.ts'
import { env } from '#lib/env.ts'
import { tokenOf } from '#lib/google/access.ts'
import { type CalendarApi, calendarApi } from '#lib/google/calendar-api.ts'
import { fieldsFor } from '#lib/google/event-fields.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { epochMs, readZone } from '#lib/recurrence/times.ts'
import type { Guest } from './core/content.ts'
import type { ProjectionRules } from './core/project.ts'
import type { PlacementRules } from './placement/belongs-to.ts'
import { idTailOf } from './placement/id-tail.ts'
import type { ParsedPage } from './pull/cursor.ts'

/**
 * `now` is UTC ISO, `random` is in [0, 1). Everything in the engine reads these, never the real
 * ones.
 */
export type ClockAndRandom = { now: () => string; random: () => number }

export const systemClock: ClockAndRandom = { now: () => new Date().toISOString(), random: Math.random }

/**
 * The facts of one run over one calendar, read at its start and never changed, and its `state`.
 */
export type SyncContext = Readonly<
  ClockAndRandom & {
    /** Epoch milliseconds: after it no further work begins, and the rest is queued. */
    deadline: number
    /** Limited to the business of the calendar by row-level security. */
    db: Db
    database: Database
    /** As read at the start; what the run changes is in `state.calendar`. */
    calendar: Readonly<SyncedCalendar>
    businessId: BusinessId
    calendarKey: CalendarKey
    /** Of the ids of events in this calendar. */
    idTail: string
    api: CalendarApi
    rules: ProjectionRules
    whenRemoved: 'ask' | 'cancel' | 'put-back'
    placement: PlacementRules
    members: ReadonlyMap<string, Guest>
    memberIdByEmail: ReadonlyMap<string, string>
    state: RunState
  }
>

/** All that changes during a run. */
export type RunState = {
  /** The calendar as last committed by this run: cursor, generation, horizon, channel. */
  calendar: SyncedCalendar
  /** IANA zone of the calendar; it places all-day events and times without an offset. */
  calendarZone: string
  /** The next page of the read, requested while the page before it is written. */
  readAhead: { pageToken: string; answer: Promise<GoogleAnswer<ParsedPage>> } | null
  /** False while no mapping can wait for an attempt, wait for removal or be dirty. */
  mayBeDirty: boolean
  /**
   * `asked` once the calendar has answered in this run: only then does "not found" by the id of an
   * event that a full read did not contain mean the event and not the calendar.
   */
  missing: 'none' | 'waiting' | 'asked'
  /** Progress of reading: page tokens of this read, pages in a row without items, lost cursors. */
  pages: { tokens: Set<string>; empty: number; lostCursors: number }
  /** Whether calendars chosen before have answered in this run. */
  oldCalendars: Map<string, Promise<boolean>>
  /** Columns of the calendar that are saved together with the success of the run. */
  unsaved: Partial<SyncedCalendar>
  /** Read with the facts of the run, for its first push. */
  firstDirty: DirtyAppointment[] | null
  /** Instances of appointments that a list of this run had, and not as deleted. */
  listedInstances: Set<string>
  /** Items in a row that Google did not answer at all. */
  unanswered: number
  /** Whether Google has acknowledged a write to the calendar, and thus notifies of it. */
  hasWritten: boolean
}

/**
 * Null when there is nothing to sync: unlinked, or waiting for a person to act.
 */
export const contextOf = async (
  database: Database,
  which: { syncedCalendarId: string; businessId: BusinessId; db: Db; tx: Tx },
  options: { clock: ClockAndRandom; deadline: number },
): Promise<SyncContext | null> => {
  const { syncedCalendarId, businessId, db, tx } = which
  // Sent together, answered in this order.
  const [calendar, waiting, facts] = await Promise.all([
    readSyncedCalendar(tx, syncedCalendarId),
    readWaitingMappings(tx, syncedCalendarId),
    readProjectionFacts(tx, businessId),
  ])
  if (!calendar || stopsSync(calendar)) return null
  return {
    ...options.clock,
    deadline: options.deadline,
    db,
    database,
    calendar,
    businessId: calendar.businessId,
    calendarKey: { businessId: calendar.businessId, googleSub: calendar.googleSub, calendarId: calendar.calendarId },
    idTail: idTailOf(calendar),
    api: calendarApi(
      tokenOf(db, calendar.accountId, calendar),
      fieldsFor[isOnlyTimes(calendar) ? 'busy' : 'appointments'],
    ),
    ...projectionOf(facts, calendar.businessId),
    memberIdByEmail: new Map(facts.members.map((member) => [member.email.toLowerCase(), member.id])),
    state: {
      calendar: { ...calendar },
      calendarZone: readZone(calendar.calendarZone) ?? facts.timeZone,
      readAhead: null,
      mayBeDirty: waiting.any,
      missing: waiting.missing ? 'waiting' : 'none',
      pages: { tokens: new Set(), empty: 0, lostCursors: 0 },
      oldCalendars: new Map(),
      unsaved: {},
      firstDirty: null,
      listedInstances: new Set(),
      unanswered: 0,
      hasWritten: false,
    },
  }
}

/** Of a member's calendar that only blocks time, nothing but the times is read. */
export const isOnlyTimes = ({ purpose, memberId }: Pick<SyncedCalendar, 'purpose' | 'memberId'>): boolean =>
  purpose === 'busy' && memberId !== null

export const isPastDeadline = (context: SyncContext) => epochMs(context.now()) > context.deadline

/** The inputs of an appointment's projection besides the appointment itself. */
const projectionOf = (facts: Awaited<ReturnType<typeof readProjectionFacts>>, businessId: BusinessId) => ({
  rules: {
    businessId,
    timeZone: facts.timeZone,
    guestsOnGoogle: facts.guestsOnGoogle,
    origin: env().NEXTAUTH_URL.replace(/\/$/, ''),
  },
  whenRemoved: facts.whenRemoved,
  placement: { appointmentsGo: facts.appointmentsGo, calendars: facts.calendars },
  members: new Map(facts.members.map((member) => [member.id, { email: member.email, name: member.name }])),
})

/**
 * The same run with the current rules and members. A change of those raises the revisions it
 * concerns in its own transaction: read after an appointment, they are never older than its
 * revision, so no revision is recorded as pushed with a projection by earlier rules.
 */
export const withCurrentRules = async <C extends SyncContext>(db: Db | Tx, context: C): Promise<C> => ({
  ...context,
  ...projectionOf(await readProjectionFacts(db, context.businessId), context.businessId),
})
