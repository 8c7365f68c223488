import { setImmediate } from 'node:timers/promises'
import { type Clashes, mostClashes, mostCounted } from './clash.ts'
import { type AssignedSpan, type Blocker, blockerOfAppointment, epochMs, shared } from './overlap.ts'

/** A blocker in the sweep. Epoch milliseconds, the end exclusive; `rank` orders by start and id. */
type Timed = { from: number; until: number; rank: number; countedBy: number; blocker: Blocker }

/** The blockers of one member, or of everyone, by start, and how far the sweep is. */
type Lane = { all: Timed[]; next: number; open: Timed[] }

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
  const { lanes, own } = sweepOf([...appointments.flatMap((each) => blockerOfAppointment(each) ?? []), ...google])
  const clashesById = new Map<string, Clashes>()
  const spans = appointments.map((span) => ({ span, from: epochMs(span.start), until: epochMs(span.end) }))
  for (const [number, { span, from, until }] of spans.sort((a, b) => a.from - b.from).entries()) {
    if (number % betweenPauses === betweenPauses - 1) await setImmediate()
    const tally: Tally = { number, from, until, count: 0, first: [] }
    const itself = own.get(span.id)
    if (itself) itself.countedBy = number
    for (const id of [everyone, ...span.assigneeIds]) {
      const lane = lanes.get(id)
      if (lane) countLane(tally, lane)
    }
    const clashes = tally.first.map(({ blocker }) => ({ ...blocker, memberIds: shared(blocker, span) }))
    if (tally.count > 0) clashesById.set(span.id, { clashes, clashCount: tally.count })
  }
  return clashesById
}

const betweenPauses = 256
const everyone = ''

/** The lanes by member, and the blocker of each appointment by its id. */
const sweepOf = (blockers: readonly Blocker[]) => {
  const sorted = blockers
    .map((blocker) => ({ blocker, from: epochMs(blocker.start), until: epochMs(blocker.end) }))
    .sort((a, b) => a.from - b.from || (a.blocker.id < b.blocker.id ? -1 : 1))
  const [lanes, own] = [new Map<string, Lane>(), new Map<string, Timed>()]
  for (const [rank, { blocker, from, until }] of sorted.entries()) {
    const timed: Timed = { from, until, rank, countedBy: -1, blocker }
    if (blocker.kind === 'appointment') own.set(blocker.id, timed)
    for (const id of blocker.memberIds.length > 0 ? blocker.memberIds : [everyone]) {
      const lane = lanes.get(id) ?? { all: [], next: 0, open: [] }
      lanes.set(id, lane)
      lane.all.push(timed)
    }
  }
  return { lanes, own }
}

/** Counts what has begun and not ended at the appointment's start, then what begins within it. */
const countLane = (tally: Tally, lane: Lane): void => {
  const { from, until } = tally
  for (let each = lane.all[lane.next]; each && each.from <= from; each = lane.all[++lane.next]) lane.open.push(each)
  for (let at = 0; at < lane.open.length && tally.count < mostCounted; ) {
    const each = lane.open[at] as Timed
    if (each.until > from) {
      countOnce(tally, each)
      at++
    } else removeAt(lane.open, at)
  }
  for (let at = lane.next; tally.count < mostCounted; at++) {
    const each = lane.all[at]
    if (!each || each.from >= until) return
    if (each.until > from) countOnce(tally, each)
  }
}

/** A blocker of several assignees is in several lanes. */
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
