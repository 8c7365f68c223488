import { type Clash, type Clashes, mostClashes, mostCounted } from './clash.ts'

/** Instants, the end exclusive: spans that only touch do not overlap. */
export type Span = { start: string; end: string }

/** Something that takes the time of the listed members; an empty list means everyone. */
export type Blocker = Clash

/** Without assignees it clashes only with what blocks everyone. */
export type AssignedSpan = Span & { id: string; assigneeIds: readonly string[] }

/** The part of a Google occurrence that decides availability; all-day dates already as instants. */
export type BlockingOccurrence = Span & {
  googleEventId: string
  title: string
  guestMemberIds: readonly string[]
}

export type GoogleRule = {
  guestlessBlocks: 'everyone' | 'linked-member'
  /** The member who linked the Google account. */
  linkedBy: string | null
}

/** Of a UTC instant. `Date` parses it many times faster than `Temporal`, and a range has thousands. */
export const epochMs = (instant: string) => Date.parse(instant)

export const overlaps = (a: Span, b: Span) => epochMs(a.start) < epochMs(b.end) && epochMs(b.start) < epochMs(a.end)

/**
 * Blocks the members who are guests. Without any it blocks everyone, or the linked member if the
 * owner chose so.
 */
export const blockerOfOccurrence = (occurrence: BlockingOccurrence, rule: GoogleRule): Blocker => ({
  kind: 'google',
  id: occurrence.googleEventId,
  title: occurrence.title,
  start: occurrence.start,
  end: occurrence.end,
  memberIds: blockedMembers(occurrence.guestMemberIds, rule),
})

const blockedMembers = (guests: readonly string[], rule: GoogleRule) => {
  if (guests.length > 0) return [...guests]
  return rule.guestlessBlocks === 'linked-member' && rule.linkedBy ? [rule.linkedBy] : []
}

/** Null for an appointment without assignees, which blocks no one. */
export const blockerOfAppointment = (appointment: AssignedSpan & { title: string }): Blocker | null => {
  const { id, title, start, end, assigneeIds } = appointment
  if (assigneeIds.length === 0) return null
  return { kind: 'appointment', id, title, start, end, memberIds: [...assigneeIds] }
}

/** What `span` clashes with, by start. `memberIds` are the shared members; empty means everyone. */
export const clashesOf = (span: AssignedSpan, blockers: readonly Blocker[]): Clash[] =>
  blockers
    .filter((blocker) => concerns(blocker, span) && overlaps(blocker, span))
    .map((blocker) => ({ ...blocker, memberIds: shared(blocker, span) }))
    .sort((a, b) => epochMs(a.start) - epochMs(b.start) || a.id.localeCompare(b.id))

const shared = (blocker: Blocker, span: AssignedSpan) => blocker.memberIds.filter((id) => span.assigneeIds.includes(id))

const concerns = (blocker: Blocker, span: AssignedSpan) =>
  !(blocker.kind === 'appointment' && blocker.id === span.id) &&
  (blocker.memberIds.length === 0 || shared(blocker, span).length > 0)

/** A blocker in the sweep. Epoch milliseconds, the end exclusive; `rank` orders by start and id. */
type Timed = { from: number; until: number; rank: number; countedBy: number; blocker: Blocker }

/** The blockers of one member, or of everyone, by start, and how far the sweep is. */
type Lane = { all: Timed[]; next: number; open: Timed[] }

/** An appointment in the sweep, its number of clashes so far, and the earliest of them. */
type Tally = { number: number; from: number; until: number; count: number; first: Timed[] }

/**
 * The clashes of each appointment that has any, by id, in one sweep over time. The cost grows with
 * the clashes counted and not with the square of the appointments: all that it looks at are
 * clashes, apart from ended blockers, which each leave the sweep once.
 */
export const clashesOfAll = (
  appointments: readonly (AssignedSpan & { title: string })[],
  google: readonly Blocker[],
): Map<string, Clashes> => {
  const { lanes, own } = sweepOf([...appointments.flatMap((each) => blockerOfAppointment(each) ?? []), ...google])
  const clashesById = new Map<string, Clashes>()
  const spans = appointments.map((span) => ({ span, from: epochMs(span.start), until: epochMs(span.end) }))
  for (const [number, { span, from, until }] of spans.sort((a, b) => a.from - b.from).entries()) {
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
