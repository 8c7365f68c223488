import type { MappingRow } from '#db/queries/mappings.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { firstInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { agreedBy, type Content, type Guest, type RemoteSnapshot } from './core/content.ts'
import { isSeries, saysOnlyTimes } from './core/read-event.ts'

/**
 * The event that stands for an appointment. People may make a series of a copy: then its first instance does, and the rest
 * is theirs. Pages tell that something changed; which event it is now, only Google can say.
 */

export type ResolvedEvent =
  | { state: 'found'; eventId: string; raw: RawEvent }
  /** The series is there and its first instance is not: deleted by rule, or reads lag. */
  | { state: 'no-first'; eventId: string; failure: GoogleFailure }
  | { state: 'failed'; failure: GoogleFailure }

/** One request for a single event, two for a series. `eventId` is what stood for it when last seen. */
export const resolveEvent = async (
  get: (eventId: string) => Promise<GoogleAnswer<RawEvent>>,
  known: { eventId: string; calendarZone: string },
): Promise<ResolvedEvent> => {
  const id = seriesIdOf(known.eventId)
  const whole = inFull(await get(id))
  if (!whole.ok) return { state: 'failed', failure: whole.failure }
  const { data: raw } = whole
  const isAlive = raw.status !== 'cancelled'
  const eventId =
    isAlive && isSeries(raw) ? firstInstanceId({ id, start: raw.start }, known.calendarZone) : null
  if (!eventId) return { state: 'found', eventId: id, raw }
  const first = inFull(await get(eventId))
  if (first.ok) return { state: 'found', eventId, raw: first.data }
  if (first.failure.kind === 'gone') return { state: 'no-first', eventId, failure: first.failure }
  return { state: 'failed', failure: first.failure }
}

/** What is taken for the words of a copy must be all of them. */
const inFull = (answer: GoogleAnswer<RawEvent>): GoogleAnswer<RawEvent> =>
  answer.ok && saysOnlyTimes(answer.data) ? { ok: false, failure: notWritable } : answer

/** Who may only read sees private events stripped, or no more than times: nothing of that belongs into the database. */
export const notWritable: GoogleFailure = {
  kind: 'calendar-lost',
  detail: 'readOnlyAccess',
  status: null,
  retryAfterSeconds: null,
}

/** The copy as it is with the event that stands for its appointment now. */
export const mappingForEvent = (
  mapping: MappingRow,
  {
    eventId,
    remoteSnapshot,
    members,
  }: { eventId: string; remoteSnapshot: RemoteSnapshot | null; members: Map<string, Guest> },
): MappingRow => {
  const base = mapping.base as Content | null
  if (eventId === mapping.eventId || !base || !remoteSnapshot) return { ...mapping, eventId }
  return {
    ...mapping,
    eventId,
    base: agreedBy(base, {
      before: mapping.remoteSnapshot as RemoteSnapshot | null,
      now: remoteSnapshot,
      members: [...members.values()],
    }),
  }
}
