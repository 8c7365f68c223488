import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { firstInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { baseForEvent, type Guest, type RemoteSnapshot } from './core/content.ts'
import { markerKeys } from './core/event-id.ts'
import { hasOnlyTimes, isSeries } from './core/read-event.ts'
import type { Mapping } from './mapping.ts'

/**
 * Which event is the appointment's. People may turn our event into a series: then its first
 * instance is the appointment, and all others are theirs. A page only shows that a series changed;
 * which event is the first instance now has to be fetched.
 */

export type ResolvedEvent =
  /** `root` is the series of an instance; of a single event, the event itself. */
  | { state: 'found'; eventId: string; raw: RawEvent; root: RawEvent }
  /**
   * The series exists without its first instance: excluded by the rule, or reads lag behind writes.
   */
  | { state: 'no-first'; eventId: string; failure: GoogleFailure }
  | { state: 'failed'; failure: GoogleFailure }

/**
 * One request for a single event, two for a series. The mapping has the event as last resolved.
 */
export const resolveEvent = async (
  get: (eventId: string) => Promise<GoogleAnswer<RawEvent>>,
  mapping: Mapping,
  calendarZone: string,
): Promise<ResolvedEvent> => {
  const id = seriesIdOf(mapping.eventId)
  const whole = requireDetails(await get(id), mapping)
  if (!whole.ok) return { state: 'failed', failure: whole.failure }
  const { data: root } = whole
  const isAlive = root.status !== 'cancelled'
  const eventId = isAlive && isSeries(root) ? firstInstanceId({ id, start: root.start }, calendarZone) : null
  if (!eventId) return { state: 'found', eventId: id, raw: root, root }
  const first = requireDetails(await get(eventId), mapping)
  if (first.ok) return { state: 'found', eventId, raw: first.data, root }
  if (first.failure.kind === 'gone') return { state: 'no-first', eventId, failure: first.failure }
  return { state: 'failed', failure: first.failure }
}

/** An event without details would read as one whose title and description people removed. */
const requireDetails = (answer: GoogleAnswer<RawEvent>, mapping: Mapping): GoogleAnswer<RawEvent> => {
  if (!answer.ok) return answer
  // A private event of a person under our id has no marker either.
  const isLacking = isUnacknowledged(mapping) ? hasOnlyTimes : isStripped
  return answer.data.status !== 'cancelled' && isLacking(answer.data) ? { ok: false, failure: readOnlyAccess } : answer
}

/**
 * An event of ours that was not read in full. Every one has its marker, and people cannot remove
 * it; a private one without it was stripped.
 */
export const isStripped = (raw: RawEvent): boolean => {
  if (raw.status === 'cancelled') return false
  const isPrivate = raw.visibility === 'private' || raw.visibility === 'confidential'
  return hasOnlyTimes(raw) || (isPrivate && !raw.extendedProperties?.private?.[markerKeys.appointment])
}

/**
 * With less than write access Google strips private events or sends only times: nothing of it is
 * stored.
 */
export const readOnlyAccess: GoogleFailure = {
  kind: 'calendar-lost',
  detail: 'readOnlyAccess',
  status: null,
  retryAfterSeconds: null,
}

/** An answer without readable times or without our marker: asked for again, then believed. */
export const notInFull: GoogleFailure = {
  kind: 'transient',
  detail: 'not-in-full',
  status: 200,
  retryAfterSeconds: null,
}

/** Without the marker it may be a person's event under our id. */
export const isOurs = (raw: RawEvent, { appointmentId }: Mapping): boolean =>
  raw.extendedProperties?.private?.[markerKeys.appointment] === appointmentId

/**
 * Of an insert that was never acknowledged, only the marker tells our event from another under its
 * id, such as a guest's copy.
 */
export const isStranger = (raw: RawEvent, mapping: Mapping): boolean =>
  isUnacknowledged(mapping) && raw.status !== 'cancelled' && !isOurs(raw, mapping)

const isUnacknowledged = ({ etag, state }: Mapping) => etag === null && state !== 'live'

/** The mapping with the event that is the appointment's now. */
export const mappingForEvent = (
  mapping: Mapping,
  event: { eventId: string; remoteSnapshot: RemoteSnapshot | null; members: ReadonlyMap<string, Guest> },
): Mapping => {
  const { eventId, remoteSnapshot, members } = event
  const { base, remoteSnapshot: before } = mapping
  if (eventId === mapping.eventId || !base || !remoteSnapshot) return { ...mapping, eventId }
  return {
    ...mapping,
    eventId,
    base: baseForEvent(base, { before, now: remoteSnapshot, members: [...members.values()] }),
  }
}
