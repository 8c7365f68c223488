import type { StoredEvent, StoredTime } from '../../model.ts'
import { iterateRule } from './rule.ts'
import { parseStamp, readSeries, type Series, wallOf } from './series.ts'
import { DAY, instantToWall, stampOf, wallToInstant } from './zone.ts'

// Series are expanded in wall time and converted to instants in the series' time zone. Wall times
// are milliseconds as if they were UTC.

/** Maximum number of instances per series. */
const MAX_INSTANCES = 20_000

export type Instance = { id: string; originalStart: StoredTime; start: StoredTime; end: StoredTime }

/** Original starts of a series, computed as far as needed. */
type Expansion = { series: Series; walls: number[]; done: boolean; next: () => number | undefined }

const expansions = new WeakMap<StoredEvent, Map<string, Expansion>>()

/** Instances that overlap [from, to) in epoch milliseconds, in order, without exceptions. */
export function instancesBetween(
  master: StoredEvent,
  zone: string,
  { from, to }: { from: number; to: number },
): Instance[] {
  const expansion = expansionOf(master, zone)
  const { series } = expansion
  const toWall = to === Number.POSITIVE_INFINITY ? to : instantToWall(series.zone, to) + DAY
  growUntil(expansion, toWall)
  const found: Instance[] = []
  for (const wall of expansion.walls) {
    if (wall > toWall) break
    const start = instantOf(series, wall)
    const end = series.allDay ? wallToInstant(series.zone, wall + series.duration) : start + series.duration
    if (start < to && end > from) found.push(instanceAt(master, series, wall))
  }
  return found
}

/** The instance at an original start, if the series has one. */
export function instanceStarting(master: StoredEvent, zone: string, stamp: string): Instance | undefined {
  const expansion = expansionOf(master, zone)
  const { series } = expansion
  const at = parseStamp(stamp, series)
  if (at === undefined) return
  growUntil(expansion, at + DAY)
  return expansion.walls.includes(at) ? instanceAt(master, series, at) : undefined
}

/**
 * Whether an instance ends after `from` (epoch milliseconds); computes none beyond the first one.
 */
export function endsAfter(master: StoredEvent, zone: string, from: number): boolean {
  const expansion = expansionOf(master, zone)
  const { series } = expansion
  if (series.rules.some((rule) => rule.until === undefined && rule.count === undefined)) return true
  growUntil(expansion, instantToWall(series.zone, from) + DAY)
  const last = expansion.walls.at(-1) ?? series.first
  return instantOf(series, last) + series.duration > from
}

/** Number of instances before an original start; for splitting a series with COUNT. */
export function countBefore(master: StoredEvent, zone: string, at: StoredTime): number {
  const expansion = expansionOf(master, zone)
  const wall = wallOf(at, expansion.series.zone)
  growUntil(expansion, wall)
  return expansion.walls.filter((start) => start < wall).length
}

export function instanceStamp(time: StoredTime): string {
  return time.date === undefined ? stampOf(time.ms) : time.date.replaceAll('-', '')
}

export function splitInstanceId(id: string): { masterId: string; stamp: string } | undefined {
  const parts = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id)
  if (parts?.[1] && parts[2]) return { masterId: parts[1], stamp: parts[2] }
}

/** Whether the lines can be expanded. */
export function isReadable(lines: string[], start: StoredTime): boolean {
  if (lines.some((line) => !/^(RRULE|EXRULE|RDATE|EXDATE)[:;]/i.test(line))) return false
  try {
    const series = readSeries({ recurrence: lines, start, end: start }, 'UTC')
    for (const rule of series.rules) iterateRule(rule, series)()
    return true
  } catch {
    return false
  }
}

function instanceAt(master: StoredEvent, series: Series, wall: number): Instance {
  const start = timeAt(series, wall)
  const end: StoredTime =
    start.date === undefined
      ? { ms: start.ms + series.duration, ...zoneOf(master.end) }
      : { date: dateOf(wall + series.duration) }
  return { id: `${master.id}_${instanceStamp(start)}`, originalStart: start, start, end }
}

function instantOf({ zone, first, firstMs }: Series, wall: number): number {
  return wall === first ? firstMs : wallToInstant(zone, wall)
}

function timeAt(series: Series, wall: number): StoredTime {
  if (series.allDay) return { date: dateOf(wall) }
  return { ms: instantOf(series, wall), timeZone: series.zone }
}

function zoneOf(time: StoredTime): { timeZone?: string } {
  return time.date === undefined && time.timeZone ? { timeZone: time.timeZone } : {}
}

function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10)
}

function expansionOf(master: StoredEvent, zone: string): Expansion {
  let byZone = expansions.get(master)
  if (!byZone) {
    byZone = new Map()
    expansions.set(master, byZone)
  }
  let expansion = byZone.get(zone)
  if (!expansion) {
    expansion = openExpansion(master, zone)
    byZone.set(zone, expansion)
  }
  return expansion
}

function openExpansion(master: StoredEvent, zone: string): Expansion {
  const series = readSeries({ recurrence: master.content.recurrence ?? [], start: master.start, end: master.end }, zone)
  return { series, walls: [], done: false, next: sortedSource(series) }
}

/** Starts in ascending order: rules and RDATE merged, without the excluded ones. */
function sortedSource(series: Series): () => number | undefined {
  const sources = [
    ...series.rules.map((rule) => iterateRule(rule, series)),
    fromArray(includesFirst(series) ? [series.first, ...series.added] : series.added),
  ]
  const heads = sources.map((source) => source())
  const excludedBy = series.excludedRules.map((rule) => createExclusion(iterateRule(rule, series)))
  let previous = Number.NaN
  return function next(): number | undefined {
    for (;;) {
      const least = heads.reduce<number | undefined>(
        (low, head) => (head !== undefined && (low === undefined || head < low) ? head : low),
        undefined,
      )
      if (least === undefined) return
      for (const [index, source] of sources.entries()) if (heads[index] === least) heads[index] = source()
      if (least === previous || series.excluded.has(least) || excludedBy.some((excludes) => excludes(least))) continue
      previous = least
      return least
    }
  }
}

/**
 * DTSTART is an instance even if the rule does not match it, and then does not count towards COUNT.
 */
function includesFirst({ rules, first }: Series): boolean {
  return rules.length === 0 || rules.some(({ until }) => until === undefined || until >= first)
}

function createExclusion(source: () => number | undefined): (wall: number) => boolean {
  let head = source()
  return (wall) => {
    while (head !== undefined && head < wall) head = source()
    return head === wall
  }
}

function fromArray(walls: number[]): () => number | undefined {
  const sorted = walls.toSorted((a, b) => a - b)
  let index = 0
  return () => sorted[index++]
}

function growUntil(expansion: Expansion, wall: number): void {
  while (!expansion.done && (expansion.walls.at(-1) ?? Number.NEGATIVE_INFINITY) <= wall) {
    const start = expansion.next()
    if (start === undefined || expansion.walls.length >= MAX_INSTANCES) expansion.done = true
    else expansion.walls.push(start)
  }
}
