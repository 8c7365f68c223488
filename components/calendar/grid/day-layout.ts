import { Temporal } from 'temporal-polyfill'

/** Minutes of a day in wall time. */
type Minutes = { from: number; to: number }

/** Epoch milliseconds. */
export type Milliseconds = { start: number; end: number }

/** Begins the days that follow each other, and ends the last one. */
export const midnightsOf = (days: readonly Temporal.PlainDate[], zone: string): number[] =>
  [...days, ...days.slice(-1).map((last) => last.add({ days: 1 }))].map(
    (day) => day.toZonedDateTime(zone).epochMilliseconds,
  )

export type PartOfDay = Minutes & {
  /** Index of the day. */
  day: number
  /** Whether the span begins and ends on that day. */
  isStart: boolean
  isEnd: boolean
}

/** The parts of a span on the days between `midnights`. */
export const partsOf = ({ start, end }: Milliseconds, midnights: readonly number[], zone: string): PartOfDay[] =>
  midnights.slice(0, -1).flatMap((begins, day) => {
    const ends = midnights[day + 1] ?? begins
    if (start >= ends || end <= begins) return []
    const minute = (at: number) => (ends - begins === dayMs ? Math.floor((at - begins) / 60_000) : wallMinute(at, zone))
    const [isStart, isEnd] = [start >= begins, end <= ends]
    const [from, to] = [isStart ? minute(start) : 0, end < ends ? minute(end) : 24 * 60]
    return from < to ? [{ day, from, to, isStart, isEnd }] : []
  })

const dayMs = 24 * 60 * 60 * 1000

/** On a day on which the clock changes. */
const wallMinute = (at: number, zone: string) => {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return hour * 60 + minute
}

type Column = { column: number; columns: number }

/** Puts overlapping parts side by side: each gets its column and how many its group has. */
export const layOutColumns = <T extends Minutes>(parts: readonly T[]): (T & Column)[] => {
  const placed: { part: T; column: number; ends: number[] }[] = []
  // For each column of the current group, the minute at which it is free again.
  let ends: number[] = []
  for (const part of [...parts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (ends.every((end) => end <= part.from)) ends = []
    const free = ends.findIndex((end) => end <= part.from)
    const column = free < 0 ? ends.length : free
    ends[column] = part.to
    placed.push({ part, column, ends })
  }
  return placed.map(({ part, column, ends }) => ({ ...part, column, columns: ends.length }))
}

/** Drops the parts beyond column `most`, which the grid shows behind a "+2" link. */
export const limitColumns = <T extends Column>(placed: readonly T[], most: number): T[] =>
  placed.filter(({ column }) => column < most).map((each) => ({ ...each, columns: Math.min(each.columns, most) }))
