import { type Exception, expand, type Master } from '#lib/recurrence/expand.ts'
import type { EventTimes } from '#lib/recurrence/times.ts'

/** A series of an hour at nine in New York from 1 January 2024, expanded over that year. */

export const newYork = 'America/New_York'
export const year = { start: '2024-01-01T00:00:00Z', end: '2025-01-01T00:00:00Z' }

export const timed = (start: string, end: string, zone: string | null = newYork): EventTimes => ({
  allDay: false,
  start,
  end,
  startZone: zone,
  endZone: zone,
})
export const nine = timed('2024-01-01T14:00:00Z', '2024-01-01T15:00:00Z')
export const day = (start: string, end: string): EventTimes => ({ allDay: true, start, end })

type Given = {
  times?: EventTimes
  exceptions?: Exception[]
  window?: { start: string; end: string }
  zone?: string
  limit?: number
}

export const run = (
  recurrence: string[],
  { times = nine, exceptions = [], window = year, zone, limit }: Given = {},
) => {
  const master: Master = { eventId: 'm', times, recurrence }
  return expand({ master, exceptions, window, calendarZone: zone ?? newYork, limit })
}

export const starts = (recurrence: string[], given?: Given) =>
  run(recurrence, given).occurrences.map((occurrence) => occurrence.originalStart)

/** Month and day of each. */
export const days = (stamps: string[]) => stamps.map((stamp) => stamp.slice(4, 8))
