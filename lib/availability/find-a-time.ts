import { Temporal } from 'temporal-polyfill'
import { hoursOn, type Opening } from './opening.ts'
import { type Blocker, epochMs, type Span } from './overlap.ts'

export type TimeSearch = Opening & {
  minutes: number
  /** All of them must be free; with none, only what blocks everyone counts. */
  assigneeIds: readonly string[]
  /** Instants; only times that lie within are found. */
  within: Span
  zone: string
  blockers: readonly Blocker[]
  /** The gap to keep before and after. */
  bufferMinutes?: number
  limit?: number
}

const minute = 60_000
/** The UTC offset of every zone in use is a multiple of a quarter of an hour. */
const step = 15 * minute

/** The next free times of a length within opening hours, on the quarter hour, earliest first. */
export const findATime = (search: TimeSearch): Span[] => freeStretches(search).map(spanOf)

/** The free times closest to `start` that do not overlap each other, earliest first. */
export const nearestTimes = (search: TimeSearch & { start: string; count: number }): Span[] => {
  const start = epochMs(search.start)
  const distance = ({ from }: Stretch) => Math.abs(from - start)
  const near = freeStretches({ ...search, limit: 500 }).sort((a, b) => distance(a) - distance(b))
  return withoutOverlaps(near, search.count)
    .sort((a, b) => a.from - b.from)
    .map(spanOf)
}

/** The next free times that do not overlap each other. */
export const nextTimes = (search: TimeSearch & { count: number }): Span[] =>
  withoutOverlaps(freeStretches({ ...search, limit: 500 }), search.count).map(spanOf)

const withoutOverlaps = (stretches: readonly Stretch[], count: number): Stretch[] => {
  const chosen: Stretch[] = []
  for (const { from, until } of stretches) {
    if (chosen.length >= count) break
    if (!chosen.some((other) => from < other.until && other.from < until)) chosen.push({ from, until })
  }
  return chosen
}

/** Epoch milliseconds, the end exclusive. */
type Stretch = { from: number; until: number }

const freeStretches = (search: TimeSearch): Stretch[] => {
  const { minutes, bufferMinutes = 0, limit = 3 } = search
  const busy = busySpans(search, bufferMinutes * minute)
  const found: Stretch[] = []
  for (const open of openSpans(search)) {
    let at = roundUp(open.from)
    while (at + minutes * minute <= open.until && found.length < limit) {
      const until = at + minutes * minute
      const taken = firstOverlap(busy, at, until)
      if (!taken) found.push({ from: at, until })
      at = taken ? roundUp(taken.until) : at + step
    }
    if (found.length >= limit) break
  }
  return found
}

/** Opening hours as instants, day by day, clipped to `within`. */
function* openSpans({ within, zone, ...opening }: TimeSearch): Generator<Stretch> {
  const [from, until] = [epochMs(within.start), epochMs(within.end)]
  const last = dateAt(within.end, zone)
  for (let day = dateAt(within.start, zone); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    for (const hours of hoursOn(day, opening)) {
      const open = { from: wall(day, hours.from, zone), until: wall(day, hours.to, zone) }
      const cut = { from: Math.max(open.from, from), until: Math.min(open.until, until) }
      if (cut.from < cut.until) yield cut
    }
}

const dateAt = (at: string, zone: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate()

/** `24:00` is the midnight that ends the day. */
const wall = (day: Temporal.PlainDate, time: string, zone: string) => {
  const [date, plainTime] = time === '24:00' ? [day.add({ days: 1 }), '00:00'] : [day, time]
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds
}

/** What takes the assignees' time, including the buffer, merged and ascending. */
const busySpans = ({ blockers, assigneeIds }: TimeSearch, buffer: number): Stretch[] => {
  const taken = blockers
    .filter(({ memberIds }) => memberIds.length === 0 || memberIds.some((id) => assigneeIds.includes(id)))
    .map((blocker) => ({ from: epochMs(blocker.start) - buffer, until: epochMs(blocker.end) + buffer }))
    .sort((a, b) => a.from - b.from)
  const merged: Stretch[] = []
  for (const next of taken) {
    const last = merged.at(-1)
    if (last && next.from <= last.until) last.until = Math.max(last.until, next.until)
    else merged.push(next)
  }
  return merged
}

/** Binary search: `busy` is sorted and its stretches are disjoint. */
const firstOverlap = (busy: readonly Stretch[], from: number, until: number): Stretch | null => {
  let [low, high] = [0, busy.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((busy[middle] as Stretch).until <= from) low = middle + 1
    else high = middle
  }
  const next = busy[low]
  return next && next.from < until ? next : null
}

const roundUp = (ms: number) => Math.ceil(ms / step) * step

const spanOf = ({ from, until }: Stretch): Span => ({ start: instant(from), end: instant(until) })

const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString()
