import { type Clock, zoneClock } from '#lib/recurrence/clock.ts'
import { type LocalDay, localDays } from './days.ts'
import { openIntervals, workingIntervals } from './hours.ts'
import { firstEndingAfter, type Interval, merged } from './intervals.ts'
import { type Booked, type Gaps, minuteMs, type Query, type WorkingMember, type World } from './world.ts'

/** One member's day: how many appointments start on it, and when they end. */
type DayLoad = { count: number; ends: number[] }

/** What a query needs of a member. The lists hold starts: instants at which it could begin. */
export type MemberPlan = {
  member: WorkingMember
  order: number
  workStarts: Interval[]
  takenStarts: Interval[]
  loads: ReadonlyMap<number, DayLoad>
}

export type Plan = {
  clock: Clock
  days: LocalDay[]
  openStarts: Interval[]
  /** Those who may do it, in the order of the team. */
  members: MemberPlan[]
  /** How many an appointment takes. */
  needed: number
}

export const planOf = (world: World, query: Query): Plan => {
  const clock = zoneClock(world.zone)
  const length = query.minutes * minuteMs
  const days = localDays(clock, query)
  // A slot may end on a later day than it starts.
  const covered = localDays(clock, { from: query.from, until: query.until + length })
  const open = openIntervals(clock, covered, world)
  const booked = world.booked.filter(({ id }) => id !== query.exceptId)
  const { service } = query
  const members = world.members.flatMap((member, order): MemberPlan[] => {
    if (service?.memberIds && !service.memberIds.includes(member.id)) return []
    const own = booked.filter(({ memberIds }) => memberIds.includes(member.id))
    return [
      {
        member,
        order,
        workStarts: startsWithin(workingIntervals({ clock, days: covered, open }, member), length),
        takenStarts: takenStarts({ own, occurrences: occurrencesOf(world, member.id), length, gaps: service }),
        loads: loadsOf(days, own),
      },
    ]
  })
  const needed = Math.max(service?.people ?? 1, query.memberIds.length)
  return { clock, days, openStarts: startsWithin(open, length), members, needed }
}

const occurrencesOf = ({ occurrences }: World, memberId: string) =>
  occurrences.filter(({ memberIds }) => memberIds.length === 0 || memberIds.includes(memberId))

/** Starts after which `length` still fits. */
const startsWithin = (intervals: readonly Interval[], length: number) =>
  intervals.map(({ from, until }) => ({ from, until: until - length + 1 })).filter(({ from, until }) => from < until)

type Taking = {
  own: readonly Booked[]
  occurrences: readonly Interval[]
  length: number
  gaps: Gaps | null
}

/** Starts at which something else of the member, or the gap to it, would be in the way. */
const takenStarts = ({ own, occurrences, length, gaps }: Taking): Interval[] =>
  merged([
    ...own.map((each) => {
      const { before, after } = gapsBetween(each, gaps)
      return { from: each.from - length - after * minuteMs + 1, until: each.until + before * minuteMs }
    }),
    ...occurrences.map(({ from, until }) => ({ from: from - length + 1, until })),
  ])

/** Minutes that stay free before and after a new appointment, towards one that exists. */
export const gapsBetween = (existing: Gaps, gaps: Gaps | null) => ({
  before: Math.max(existing.gapAfter, gaps?.gapBefore ?? 0),
  after: Math.max(existing.gapBefore, gaps?.gapAfter ?? 0),
})

/** By day number. */
const loadsOf = (days: readonly LocalDay[], own: readonly Booked[]): Map<number, DayLoad> => {
  const loads = new Map<number, DayLoad>()
  for (const { from, until } of own) {
    const day = dayAt(days, from)
    if (!day) continue
    const load = loads.get(day.number) ?? { count: 0, ends: [] }
    loads.set(day.number, { count: load.count + 1, ends: [...load.ends, until] })
  }
  return loads
}

const dayAt = (days: readonly LocalDay[], instant: number): LocalDay | null => {
  const day = firstEndingAfter(days, instant)
  return day && day.from <= instant ? day : null
}
