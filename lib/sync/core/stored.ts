import { isEventTimes } from '#lib/recurrence/times.ts'
import type { Attendee, Content, Guest, RemoteSnapshot } from './content.ts'
import type { UnacknowledgedWrites } from './unacknowledged.ts'

/**
 * Reads the JSON columns of an event mapping. JSON of an unknown shape reads as null and never
 * throws: one such row must not end a run. Checked by hand, since a page may bring thousands of
 * rows.
 */

export const contentFromJson = (json: unknown): Content | null => (isContent(json) ? json : null)

export const snapshotFromJson = (json: unknown): RemoteSnapshot | null => (isSnapshot(json) ? json : null)

/** Unreadable entries are left out: at worst a write of ours counts as a change made by people. */
export const writesFromJson = (json: unknown): UnacknowledgedWrites =>
  Array.isArray(json) ? json.filter(isContent) : []

const isContent = (json: unknown): json is Content =>
  isRecord(json) &&
  typeof json.title === 'string' &&
  isEventTimes(json.times) &&
  typeof json.location === 'string' &&
  typeof json.description === 'string' &&
  Array.isArray(json.guests) &&
  json.guests.every(isGuest)

const isSnapshot = (json: unknown): json is RemoteSnapshot =>
  isRecord(json) &&
  (json.title === null || typeof json.title === 'string') &&
  isEventTimes(json.times) &&
  typeof json.location === 'string' &&
  typeof json.description === 'string' &&
  Array.isArray(json.attendees) &&
  json.attendees.every(isAttendee) &&
  (json.isPrivate === undefined || json.isPrivate === true) &&
  (json.updated === null || typeof json.updated === 'string')

const isGuest = (json: unknown): json is Guest => isAttendee(json) && typeof json.name === 'string'

const isAttendee = (json: unknown): json is Attendee => isRecord(json) && typeof json.email === 'string'

const isRecord = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
