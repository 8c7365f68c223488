import { setImmediate } from 'node:timers/promises'
import { type Clashes, mostClashes, mostCounted } from './clash.ts'
import { type AssignedSpan, type Blocker, blockerOfAppointment, epochMs, shared } from './overlap.ts'

/** A blocker in the sweep. Epoch milliseconds, the end exclusive; `rank` orders by start and id. */
type Timed = { from: number; until: number; rank: number; countedBy: number; blocker: Blocker }

/** The blockers of one member, or of everyone, by start, and how far the sweep is. */
type Timeline = { all: Timed[]; next: number; open: Timed[] }

/** An appointment in the sweep, its number of clashes so far, and the earliest of them. */
type Tally = { number: number; from: number; until: number; count: number; first: Timed[] }

/**
 * The clashes of each appointment that has any, by id, in one sweep over time. The cost grows with
 * the clashes counted and not with the square of the appointments: all that it looks at are
 * clashes, apart from ended blockers, which each leave the sweep once. Other requests are served in
 * between.
 */
export const clashesOfAll = async (
  appointments: readonly (AssignedSpan & { title: string })[],
  google: readonly Blocker[],
): Promise<Map<string, Clashes>> => {
  const { timelines, own } = sweepOf([...appointments.flatMap((each) => blockerOfAppointment(each) ?? []), ...google])
  const clashesById = new Map<string, Clashes>()
  const spans = appointments.map((span) => ({ span, from: epochMs(span.start), until: epochMs(span.end) }))
  for (const [number, { span, from, until }] of spans.sort((a, b) => a.from - b.from).entries()) {
    if (number % betweenPauses === betweenPauses - 1) await setImmediate()
    const tally: Tally = { number, from, until, count: 0, first: [] }
    const itself = own.get(span.id)
    if (itself) itself.countedBy = number
    for (const id of [everyone, ...span.assigneeIds]) {
      const timeline = timelines.get(id)
      if (timeline) countTimeline(tally, timeline)
    }
    const clashes = tally.first.map(({ blocker }) => ({ ...blocker, memberIds: shared(blocker, span) }))
    if (tally.count > 0) clashesById.set(span.id, { clashes, clashCount: tally.count })
  }
  return clashesById
}

const betweenPauses = 256
const everyone = ''

/** The timelines by member, and the blocker of each appointment by its id. */
const sweepOf = (blockers: readonly Blocker[]) => {
  const sorted = blockers
    .map((blocker) => ({ blocker, from: epochMs(blocker.start), until: epochMs(blocker.end) }))
    .sort((a, b) => a.from - b.from || (a.blocker.id < b.blocker.id ? -1 : 1))
  const [timelines, own] = [new Map<string, Timeline>(), new Map<string, Timed>()]
  for (const [rank, { blocker, from, until }] of sorted.entries()) {
    const timed: Timed = { from, until, rank, countedBy: -1, blocker }
    if (blocker.kind === 'appointment') own.set(blocker.id, timed)
    for (const id of blocker.memberIds.length > 0 ? blocker.memberIds : [everyone]) {
      const timeline = timelines.get(id) ?? { all: [], next: 0, open: [] }
      timelines.set(id, timeline)
      timeline.all.push(timed)
    }
  }
  return { timelines, own }
}

/** Counts what has begun and not ended at the appointment's start, then what begins within it. */
const countTimeline = (tally: Tally, timeline: Timeline): void => {
  const { from, until } = tally
  for (let each = timeline.all[timeline.next]; each && each.from <= from; each = timeline.all[++timeline.next])
    timeline.open.push(each)
  for (let at = 0; at < timeline.open.length && tally.count < mostCounted; ) {
    const each = timeline.open[at] as Timed
    if (each.until > from) {
      countOnce(tally, each)
      at++
    } else removeAt(timeline.open, at)
  }
  for (let at = timeline.next; tally.count < mostCounted; at++) {
    const each = timeline.all[at]
    if (!each || each.from >= until) return
    if (each.until > from) countOnce(tally, each)
  }
}

/** A blocker of several assignees is in several timelines. */
const countOnce = (tally: Tally, each: Timed): void => {
  if (each.countedBy === tally.number) return
  each.countedBy = tally.number
  tally.count++
  const { first } = tally
  if (first.length === mostClashes && (first[mostClashes - 1]?.rank ?? 0) < each.rank) return
  const at = first.findIndex(({ rank }) => each.rank < rank)
  first.splice(at < 0 ? first.length : at, 0, each)
  if (first.length > mostClashes) first.pop()
}

/** Without keeping the order. */
const removeAt = (open: Timed[], at: number) => {
  const last = open.pop()
  if (last && at < open.length) open[at] = last
}
