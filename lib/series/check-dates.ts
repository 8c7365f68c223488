import { availability } from '#lib/availability/availability.ts'
import { explain, type Objection } from '#lib/availability/explain.ts'
import type { Interval } from '#lib/availability/intervals.ts'
import { aroundMs, type Booked, minuteMs, type ServiceRules, type World } from '#lib/availability/world.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import type { DateState } from './schema.ts'

/** What is in the way of each of many times, decided in one world that covers all of them. */

/** A time that is wanted; `key` names it. Instants are epoch milliseconds. */
export type Wanted = { key: string; from: number; until: number }

export type Checked = Wanted & {
  state: DateState
  /** Appointments, holds and Google events that it overlaps or is too close to. */
  clashIds: { kind: 'appointment' | 'hold' | 'google'; id: string }[]
  /** Nothing overlaps; a gap of so many minutes is missing. */
  gapMinutes?: number
  nearest: Interval | null
}

export type CheckRules = {
  memberIds: readonly string[]
  gapBefore: number
  gapAfter: number
  /** Appointments that are being changed; they do not block. */
  except: ReadonlySet<string>
}

const dayMs = 86_400_000

/**
 * The state of each wanted time, in ascending order. Those before it count as booked, so that
 * visits of one series may not take each other's time.
 */
export const checkDates = (
  given: World,
  wanted: readonly Wanted[],
  rules: CheckRules,
  options: { nearest?: boolean } = {},
): Checked[] => {
  const world = forSeries(given, rules)
  const index = indexOf(world.booked, world.occurrences)
  const checked = wanted.map((each): Checked => {
    const found = stateOf(index.around(world, each), each, rules)
    index.add(ownOf(each, rules))
    return { ...each, ...found, nearest: null }
  })
  if (!options.nearest) return checked
  return checked.map((each) => {
    if (each.state === 'free' || each.state === 'google-unknown') return each
    const nearest = nearestTo(index, world, { ...each, rules })
    // Two dates are not given the same time.
    if (nearest) index.add(ownOf({ key: `${each.key}:nearest`, ...nearest }, rules))
    return { ...each, nearest }
  })
}

const ownPrefix = 'own:'

const ownOf = ({ key, from, until }: Wanted, { memberIds, gapBefore, gapAfter }: CheckRules): Booked => ({
  ...{ id: ownPrefix + key, kind: 'appointment', from, until },
  ...{ memberIds, gapBefore, gapAfter },
})

/**
 * Notice and horizon bind Sophiie and not people. Without assignees only what blocks everyone
 * counts.
 */
const forSeries = (world: World, { memberIds, except }: CheckRules): World => {
  const known = world.members.filter(({ id }) => memberIds.includes(id))
  return {
    ...world,
    rules: {
      ...world.rules,
      ...{ noticeMinutes: 0, horizonDays: 1_000_000, sameDayCutOff: null, mostPerDay: null },
      whenGoogleUnknown: 'refuse',
    },
    members: memberIds.length > 0 ? known : [{ id: '', hours: null, timeOff: [], google: 'unlinked' }],
    booked: world.booked.filter(({ id }) => !except.has(id)),
  }
}

const serviceOf = ({ gapBefore, gapAfter }: CheckRules): ServiceRules => ({
  ...{ id: '', gapBefore, gapAfter, memberIds: null, people: 1 },
  ...{ noticeMinutes: null, horizonDays: null },
})

type Event = World['occurrences'][number]

/** By day, so that a year of a busy business is not searched for each date. */
export const indexOf = (booked: readonly Booked[], occurrences: readonly Event[]) => {
  const [bookedOn, eventsOn] = [new Map<number, Booked[]>(), new Map<number, Event[]>()]
  for (const each of booked) addByDay(bookedOn, each)
  for (const each of occurrences) addByDay(eventsOn, each)
  return {
    add: (each: Booked) => addByDay(bookedOn, each),
    around: (world: World, { from, until }: Interval): World => {
      const span = { from: from - aroundMs, until: until + aroundMs }
      return { ...world, booked: onDays(bookedOn, span), occurrences: onDays(eventsOn, span) }
    },
  }
}

type Index = ReturnType<typeof indexOf>

const addByDay = <T extends Interval>(byDay: Map<number, T[]>, each: T) => {
  for (const day of daysOf(each)) {
    const list = byDay.get(day)
    if (list) list.push(each)
    else byDay.set(day, [each])
  }
}

const onDays = <T extends Interval>(byDay: ReadonlyMap<number, T[]>, span: Interval): T[] => {
  const found = new Set<T>()
  for (const day of daysOf(span)) for (const each of byDay.get(day) ?? []) found.add(each)
  return [...found]
}

function* daysOf({ from, until }: Interval): Generator<number> {
  for (let day = Math.floor(from / dayMs); day * dayMs < until; day++) yield day
}

const stateOf = (world: World, { from, until }: Wanted, rules: CheckRules): Omit<Checked, keyof Wanted | 'nearest'> => {
  const asked = { start: from, minutes: (until - from) / minuteMs, service: serviceOf(rules) }
  const memberIds = rules.memberIds.length > 0 ? rules.memberIds : ['']
  const objections = memberIds.flatMap((memberId) => explain(world, { ...asked, memberId }))
  const clashes = objections.flatMap(clashOf)
  const overlapping = clashes.filter(({ gap }) => gap === undefined)
  // A gap matters only where nothing overlaps.
  const listed = overlapping.length > 0 ? overlapping : clashes
  const gaps = overlapping.length > 0 ? [] : clashes.flatMap(({ gap }) => gap ?? [])
  return {
    state: clashes.length > 0 ? 'clash' : otherState(objections),
    clashIds: [...new Map(listed.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }])).values()],
    ...(gaps.length > 0 && { gapMinutes: Math.max(...gaps) }),
  }
}

type Found = Checked['clashIds'][number] & { gap?: number }

const clashOf = ({ source }: Objection): Found[] => {
  if (source.kind === 'appointment' || source.kind === 'hold') return [{ kind: source.kind, id: source.id }]
  if (source.kind === 'google-event') return [{ kind: 'google', id: source.id }]
  // A hold has gaps as well; the caller finds out which it is.
  return source.kind === 'gap' ? [{ kind: 'appointment', id: source.id, gap: source.minutes }] : []
}

const states = [
  ['holiday', 'holiday'],
  ['closed', 'closed'],
  ['no-staff-working', 'away'],
  ['google-unknown', 'google-unknown'],
] as const

const otherState = (objections: readonly Objection[]): DateState =>
  states.find(([code]) => objections.some((each) => each.code === code))?.[1] ?? 'free'

const week = 7 * dayMs

const nearestTo = (index: Index, world: World, wanted: Wanted & { rules: CheckRules }): Interval | null => {
  const { key, from, until, rules } = wanted
  const clock = zoneClock(world.zone)
  const midnight = Math.floor(clock.wallAt(from) / dayMs) * dayMs
  const day = { from: clock.instantAt(midnight), until: clock.instantAt(midnight + dayMs) }
  for (const starts of [day, { from: from - week, until: from + week + 1 }]) {
    const bookable = { ...world.rules, whenGoogleUnknown: 'pending' as const }
    const around = index.around(
      { ...world, rules: bookable },
      { from: starts.from, until: starts.until + until - from },
    )
    const { slots } = availability(around, {
      ...{ from: Math.max(starts.from, world.now), until: starts.until, minutes: (until - from) / minuteMs },
      ...{ service: serviceOf(rules), memberIds: rules.memberIds, limit: Number.POSITIVE_INFINITY },
      // The date itself does not take place then.
      exceptId: ownPrefix + key,
    })
    const distance = ({ start }: { start: number }) => Math.abs(start - from)
    const [best] = slots.toSorted((a, b) => distance(a) - distance(b) || a.start - b.start)
    if (best) return { from: best.start, until: best.end }
  }
  return null
}
