import type { Temporal } from 'temporal-polyfill'
import { epochMs, type Span } from '#lib/availability/overlap.ts'
import { layOutColumns, type Milliseconds, midnightsOf, type PartOfDay, partsOf } from '../grid/day-layout.ts'
import type { GridEvent } from '../grid/grid-event.ts'
import { idOf, rowOf } from './team-columns.ts'

/** Minutes since midnight, in wall time. */
export type Minutes = { from: number; to: number }

export const minutesOfDay = 24 * 60

/** The least height of an event, 25 px at 56 px an hour. */
const leastMinutes = 27

export type PlacedEvent = Minutes &
  Pick<PartOfDay, 'isStart' | 'isEnd'> & {
    id: string
    event: GridEvent
    /** Its place among events that overlap, and how many places there are. */
    place: number
    places: number
  }

/** Begins the day, and ends it. */
export const dayBounds = (day: Temporal.PlainDate, zone: string): number[] => midnightsOf([day], zone)

export const minutesOn = (span: Milliseconds, bounds: readonly number[], zone: string): PartOfDay | null =>
  partsOf(span, bounds, zone)[0] ?? null

export const millisecondsOf = ({ start, end }: Span): Milliseconds => ({ start: epochMs(start), end: epochMs(end) })

/** Places the events of one column, overlapping ones side by side, in order of time. */
export const placeEvents = (events: readonly GridEvent[], bounds: readonly number[], zone: string): PlacedEvent[] => {
  const parts = events.flatMap((event) => {
    const part = minutesOn(millisecondsOf(rowOf(event)), bounds, zone)
    if (!part) return []
    const { from, to, isStart, isEnd } = part
    return [{ id: idOf(event), event, isStart, isEnd, ends: to, from, to: Math.max(to, from + leastMinutes) }]
  })
  return layOutColumns(parts).map(({ ends, column, columns, ...part }) => ({
    ...part,
    to: ends,
    place: column,
    places: columns,
  }))
}

/** The first minute of a span at which a line of text is free of events; else its start. */
export const firstUncovered = ({ from, to }: Minutes, events: readonly PlacedEvent[]): number => {
  let free = from
  for (const event of [...events].sort((a, b) => a.from - b.from)) {
    const ends = Math.max(event.to, event.from + leastMinutes)
    if (event.from < free + leastMinutes && ends > free) free = ends
  }
  return free + leastMinutes > to ? from : free
}

export const minutesPart = ({ from, to }: Minutes) => ({
  top: `${(from / minutesOfDay) * 100}%`,
  height: `${((to - from) / minutesOfDay) * 100}%`,
})

/** Side by side, and where that is too narrow to click, each covering a part of the one before. */
export const placeAcross = ({ place, places }: Pick<PlacedEvent, 'place' | 'places'>) => {
  const width = `max(${100 / places}%, min(100%, 42px))`
  return { width, left: places === 1 ? '0' : `calc((100% - ${width}) * ${place / (places - 1)})` }
}
