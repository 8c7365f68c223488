import { dayMs } from '#lib/recurrence/clock.ts'
import { type LocalDay, startsOf } from './days.ts'
import { exceptionOn } from './hours.ts'
import { contains } from './intervals.ts'
import { isTooFar, isTooSoon, type Limits, limitsOf } from './limits.ts'
import { type MemberPlan, type Plan, planOf } from './plan.ts'
import type { Availability, Query, Reason, Slot, World } from './world.ts'
import { minuteMs } from './world.ts'

/** A start, and the members who could still take it. */
type Candidate = { start: number; members: readonly MemberPlan[] }

type Search = { world: World; query: Query; plan: Plan; limits: Limits }

/**
 * The bookable slots of [from, until), earliest first, and the reason for each day without one.
 * Pure and deterministic: the same world gives the same slots and the same members.
 */
export const availability = (world: World, query: Query): Availability => {
  const plan = planOf(world, query)
  const search = { world, query, plan, limits: limitsOf(world, plan.clock, query.service) }
  const found: Availability = { slots: [], days: [] }
  for (const day of plan.days) {
    if (found.slots.length >= query.limit) break
    const onDay = slotsOn(search, day)
    if (typeof onDay === 'string') found.days.push({ date: day.date, reason: onDay })
    else found.slots.push(...onDay.slice(0, query.limit - found.slots.length))
  }
  return found
}

/** The slots of a day, or the first rule that leaves none. */
const slotsOn = (search: Search, day: LocalDay): Slot[] | Reason => {
  const { world, query, limits } = search
  if (isTooFar(limits, day.number)) return 'too-far'
  let candidates = openCandidates(search, day)
  if (candidates.length === 0) return exceptionOn(day, world)?.holiday ? 'holiday' : 'closed'
  for (const [reason, remaining] of rulesOn(search, day)) {
    candidates = candidates
      .map(({ start, members }) => ({ start, members: members.filter((member) => remaining(member, start)) }))
      .filter(({ members }) => isEnough(search, members))
    if (candidates.length === 0) return reason
  }
  return candidates.map(({ start, members }) => ({
    start,
    end: start + query.minutes * minuteMs,
    memberIds: ranked(members, { start, day, wanted: query.memberIds }),
  }))
}

type Remaining = (plan: MemberPlan, start: number) => boolean

/** In the order in which they explain a day. Each says whether a member can still take a start. */
const rulesOn = ({ world, limits }: Search, { number: day }: LocalDay): [Reason, Remaining][] => {
  const { mostPerDay, whenGoogleUnknown } = world.rules
  const mayTakeMore = ({ loads }: MemberPlan) => mostPerDay === null || (loads.get(day)?.count ?? 0) < mostPerDay
  return [
    ['no-staff-qualified', () => true],
    ['no-staff-working', ({ workStarts }, start) => contains(workStarts, start)],
    ['too-soon', (_, start) => !isTooSoon(limits, { start, day })],
    ['full', (plan, start) => mayTakeMore(plan) && !contains(plan.takenStarts, start)],
    ['google-unknown', ({ member }) => member.google !== 'unknown' || whenGoogleUnknown === 'pending'],
  ]
}

/** Starts of the day that lie in the query and fit into the opening hours. */
const openCandidates = ({ world, query, plan }: Search, day: LocalDay): Candidate[] => {
  const candidates: Candidate[] = []
  const { from, until, part } = query
  for (const { instant: start, wall } of startsOf(plan.clock, day, { step: world.rules.stepMinutes, from, until })) {
    if (!isInPart(wall, part)) continue
    if (contains(plan.openStarts, start)) candidates.push({ start, members: plan.members })
  }
  return candidates
}

const noon = 12 * 60 * minuteMs
const evening = 17 * 60 * minuteMs

const isInPart = (wall: number, part: Query['part']) => {
  const time = wall % dayMs
  if (part === 'morning') return time < noon
  if (part === 'afternoon') return time >= noon && time < evening
  return part !== 'evening' || time >= evening
}

const isEnough = ({ plan, query }: Search, members: readonly MemberPlan[]) =>
  members.length >= plan.needed && query.memberIds.every((id) => members.some(({ member }) => member.id === id))

type Ranking = { start: number; day: LocalDay; wanted: readonly string[] }

const ranked = (members: readonly MemberPlan[], { start, day, wanted }: Ranking): string[] =>
  members
    .map(({ member: { id }, order, loads }) => {
      const { count = 0, ends = [] } = loads.get(day.number) ?? {}
      const idleSince = Math.max(Number.NEGATIVE_INFINITY, ...ends.filter((end) => end <= start))
      return { id, keys: [wanted.includes(id) ? 0 : 1, count, idleSince, order] }
    })
    .sort((a, b) => compareKeys(a.keys, b.keys))
    .map(({ id }) => id)

/** `-Infinity - -Infinity` is no number, so keys are compared, not subtracted. */
const compareKeys = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((key, index) => key !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}
