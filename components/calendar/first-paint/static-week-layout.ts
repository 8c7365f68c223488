import { Temporal } from 'temporal-polyfill'

/** Minutes of a day in wall time. */
type Minutes = { from: number; to: number }

/** The part of a span that falls on `day`, and whether the span begins and ends there. */
export const partOfDay = (
  { start, end }: { start: string; end: string },
  day: Temporal.PlainDate,
  zone: string,
): (Minutes & { isStart: boolean; isEnd: boolean }) | null => {
  const minute = (instant: string) => {
    const at = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    const side = Temporal.PlainDate.compare(at.toPlainDate(), day)
    return side === 0 ? at.hour * 60 + at.minute : side < 0 ? 0 : 24 * 60
  }
  const [from, to] = [minute(start), minute(end)]
  if (from >= to) return null
  const [begins, ends] = [day, day.add({ days: 1 })].map((date) => date.toZonedDateTime(zone).epochMilliseconds)
  return { from, to, isStart: Date.parse(start) >= Number(begins), isEnd: Date.parse(end) <= Number(ends) }
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
