import { Temporal } from 'temporal-polyfill'
import { hoursOn, type Opening } from './opening.ts'
import { type Blocker, epoch, type Span } from './overlap.ts'

export type TimeWanted = Opening & {
  minutes: number
  /** All of them have to be free; nobody = whenever nothing blocks everyone. */
  assigneeIds: readonly string[]
  /** Instants: only times that lie within. */
  within: Span
  zone: string
  blockers: readonly Blocker[]
  /** Kept free before and after. */
  bufferMinutes?: number
  limit?: number
}

const minute = 60_000
/** Every zone in use is whole quarters of an hour away from UTC. */
const step = 15 * minute

/** The next free times of a length within opening hours, on the quarter hour, earliest first. */
export const findATime = (wanted: TimeWanted): Span[] => find(wanted).map(spanOf)

/** Free times close to the one that was wanted, apart from each other, earliest first. */
export const nearestTimes = (wanted: TimeWanted & { start: string; count: number }): Span[] => {
  const start = epoch(wanted.start)
  const distance = ({ from }: Stretch) => Math.abs(from - start)
  const near = find({ ...wanted, limit: 500 }).sort((a, b) => distance(a) - distance(b))
  return apart(near, wanted.count)
    .sort((a, b) => a.from - b.from)
    .map(spanOf)
}

/** The next free times that do not overlap each other: a real choice, not the same hour five times. */
export const nextTimes = (wanted: TimeWanted & { count: number }): Span[] =>
  apart(find({ ...wanted, limit: 500 }), wanted.count).map(spanOf)

const apart = (stretches: readonly Stretch[], count: number): Stretch[] => {
  const chosen: Stretch[] = []
  for (const { from, until } of stretches) {
    if (chosen.length >= count) break
    if (!chosen.some((other) => from < other.until && other.from < until)) chosen.push({ from, until })
  }
  return chosen
}

/** Epoch milliseconds, the end exclusive. */
type Stretch = { from: number; until: number }

const find = (wanted: TimeWanted): Stretch[] => {
  const { minutes, bufferMinutes = 0, limit = 3 } = wanted
  const busy = busySpans(wanted, bufferMinutes * minute)
  const found: Stretch[] = []
  for (const open of openSpans(wanted)) {
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

/** Opening hours as instants, day by day, cut to what is wanted. */
function* openSpans({ within, zone, ...opening }: TimeWanted): Generator<Stretch> {
  const [from, until] = [epoch(within.start), epoch(within.end)]
  const last = dateAt(within.end, zone)
  for (
    let day = dateAt(within.start, zone);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  )
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

/** What takes the assignees' time, buffer included, merged and ascending. */
const busySpans = ({ blockers, assigneeIds }: TimeWanted, buffer: number): Stretch[] => {
  const taken = blockers
    .filter(({ memberIds }) => memberIds.length === 0 || memberIds.some((id) => assigneeIds.includes(id)))
    .map((blocker) => ({ from: epoch(blocker.start) - buffer, until: epoch(blocker.end) + buffer }))
    .sort((a, b) => a.from - b.from)
  const merged: Stretch[] = []
  for (const next of taken) {
    const last = merged.at(-1)
    if (last && next.from <= last.until) last.until = Math.max(last.until, next.until)
    else merged.push(next)
  }
  return merged
}

/** By halves: `busy` neither overlaps itself nor is out of order. */
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
