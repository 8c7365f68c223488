import { Temporal } from 'temporal-polyfill'

/** Minutes of a day, by the wall clock. */
type Part = { from: number; to: number }

/** What of a time lies on a day; null when nothing does. */
export const partOfDay = (
  { start, end }: { start: string; end: string },
  day: Temporal.PlainDate,
  zone: string,
): Part | null => {
  const minute = (instant: string) => {
    const at = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    const side = Temporal.PlainDate.compare(at.toPlainDate(), day)
    return side === 0 ? at.hour * 60 + at.minute : side < 0 ? 0 : 24 * 60
  }
  const [from, to] = [minute(start), minute(end)]
  return from < to ? { from, to } : null
}

/** What overlaps stands side by side: in which of how many lanes. */
export const mapConcurrent = <T extends Part>(parts: readonly T[]): (T & { lane: number; of: number })[] => {
  const placed: { part: T; lane: number; ends: number[] }[] = []
  // Where each lane of the present group is free again.
  let ends: number[] = []
  for (const part of [...parts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (ends.every((end) => end <= part.from)) ends = []
    const free = ends.findIndex((end) => end <= part.from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = part.to
    placed.push({ part, lane, ends })
  }
  return placed.map(({ part, lane, ends }) => ({ ...part, lane, of: ends.length }))
}

/** Only so many lanes have room; the calendar counts the others when it comes. */
export const hiddenBeyond = <T extends { lane: number; of: number }>(
  most: number,
  placed: readonly T[],
): T[] => placed.filter(({ lane }) => lane < most).map((each) => ({ ...each, of: Math.min(each.of, most) }))
