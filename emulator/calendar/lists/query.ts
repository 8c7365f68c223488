import type { EventType } from '../../model.ts'
import { EVENT_TYPES } from '../draft.ts'
import { ApiError, invalid, refused } from '../errors.ts'
import { isRealDate, isZone } from '../recurrence/zone.ts'

export type ListQuery = {
  maxResults: number
  pageToken: string | null
  syncToken: string | null
  singleEvents: boolean
  showDeleted: boolean
  timeMin?: number
  timeMax?: number
  updatedMin?: number
  orderBy: 'startTime' | 'updated' | null
  q: string | null
  iCalUID: string | null
  privateProperties: string[]
  sharedProperties: string[]
  eventTypes: EventType[]
  zone?: string
  maxAttendees?: number
}

export function readListQuery(query: URLSearchParams): ListQuery {
  const read: ListQuery = {
    maxResults: readCount(query, { name: 'maxResults', standard: 250, most: 2500 }),
    pageToken: query.get('pageToken'),
    syncToken: query.get('syncToken'),
    singleEvents: readFlag(query, 'singleEvents'),
    showDeleted: readFlag(query, 'showDeleted'),
    timeMin: readInstant(query, 'timeMin'),
    timeMax: readInstant(query, 'timeMax'),
    updatedMin: readInstant(query, 'updatedMin'),
    orderBy: readOrder(query),
    q: query.get('q'),
    iCalUID: query.get('iCalUID'),
    privateProperties: query.getAll('privateExtendedProperty'),
    sharedProperties: query.getAll('sharedExtendedProperty'),
    eventTypes: readEventTypes(query),
    zone: readZone(query),
    maxAttendees: query.has('maxAttendees')
      ? readCount(query, { name: 'maxAttendees', standard: 1, most: 1e9 })
      : undefined,
  }
  checkCombination(query, read)
  return read
}

const NOT_WITH_SYNC_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
]

function checkCombination(query: URLSearchParams, read: ListQuery): void {
  if (read.timeMin !== undefined && read.timeMax !== undefined && read.timeMax <= read.timeMin) {
    throw new ApiError({ status: 400, reason: 'timeRangeEmpty', location: 'timeMax' })
  }
  if (read.orderBy === 'startTime' && !read.singleEvents) {
    throw invalid('The requested ordering is not available for the particular query.', 'orderBy')
  }
  for (const property of [...read.privateProperties, ...read.sharedProperties]) {
    if (!property.includes('=')) throw invalid()
  }
  if (!read.syncToken) return
  const clash = NOT_WITH_SYNC_TOKEN.find((name) => query.has(name))
  if (clash === 'orderBy') throw invalid('Sync token cannot be used with non-default ordering.', 'orderBy')
  if (clash) throw invalid('Sync token cannot be used with other request restrictions.', clash)
  if (query.get('showDeleted') === 'false') {
    throw invalid('Sync token cannot be used with showDeleted=false.', 'showDeleted')
  }
}

export function readCount(
  query: URLSearchParams,
  { name, standard, most }: { name: string; standard: number; most: number },
): number {
  const text = query.get(name)
  if (text === null) return standard
  if (!/^\d+$/.test(text) || Number(text) < 1) throw invalid(`Invalid value '${text}'.`, name)
  return Math.min(Number(text), most)
}

export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  if (text === null || text === 'false') return false
  if (text === 'true') return true
  throw invalid(`Invalid value '${text}'.`, name)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i

/** RFC 3339 with offset; fractions of a second are ignored. */
export function readInstant(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return
  const ms = parseInstant(text)
  if (ms === undefined) throw refused(400, 'badRequest')
  return ms
}

export function parseInstant(text: string): number | undefined {
  const ms = INSTANT.test(text) && isRealDate(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000
}

function readOrder(query: URLSearchParams): ListQuery['orderBy'] {
  const order = query.get('orderBy')
  if (order === null || order === 'startTime' || order === 'updated') return order
  throw invalid(undefined, 'orderBy')
}

function readEventTypes(query: URLSearchParams): EventType[] {
  const types = query.getAll('eventTypes')
  const unknown = types.find((type) => !EVENT_TYPES.has(type))
  if (unknown !== undefined) throw invalid(`Invalid value '${unknown}'.`, 'eventTypes')
  return types as EventType[]
}

export function readZone(query: URLSearchParams): string | undefined {
  const zone = query.get('timeZone')
  if (zone === null) return
  if (!isZone(zone)) throw invalid(undefined, 'timeZone')
  return zone
}
