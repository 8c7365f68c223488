import { dayNumber, type LocalDay, localDays } from './days.ts'
import { exceptionOn, timeOffIntervals } from './hours.ts'
import { contains, type Interval, overlap } from './intervals.ts'
import { isTooFar, isTooSoon, limitsOf } from './limits.ts'
import { gapsBetween, type MemberPlan, type Plan, planOf } from './plan.ts'
import { minuteMs, type Query, type Reason, type ServiceRules, type World } from './world.ts'

/** A rule that speaks against a time, and where it comes from. */
export type Objection = { code: Reason; source: Source }

export type Source =
  | { kind: 'opening-hours'; weekday: number }
  | { kind: 'exception'; date: string; note: string }
  | { kind: 'service'; id: string }
  | { kind: 'team'; memberId: string }
  | { kind: 'working-hours'; memberId: string }
  | { kind: 'time-off'; memberId: string; id: string }
  | { kind: 'past' }
  | { kind: 'notice'; minutes: number; of: 'business' | 'service' }
  | { kind: 'same-day-cut-off'; time: string }
  | { kind: 'horizon'; days: number; of: 'business' | 'service' }
  | { kind: 'most-per-day'; count: number }
  | { kind: 'appointment' | 'hold' | 'google-event'; id: string }
  | { kind: 'gap'; id: string; minutes: number }
  | { kind: 'google'; memberId: string }

export type Asked = {
  memberId: string
  start: number
  minutes: number
  service: ServiceRules | null
  /** An appointment that is being moved does not block itself. */
  exceptId?: string
}

/**
 * Every rule that speaks against a time for one member; none means that it can be booked. The slot
 * step is no such rule: it only says which times are offered.
 */
export const explain = (world: World, asked: Asked): Objection[] => {
  const { start, minutes, service, memberId, exceptId } = asked
  const span = { from: start, until: start + minutes * minuteMs }
  const query: Query = { ...span, until: start + 1, service, minutes, memberIds: [memberId], limit: 1, exceptId }
  const plan = planOf(world, query)
  const member = plan.members.find((each) => each.member.id === memberId)
  const days = localDays(plan.clock, span)
  return [
    ...againstBusiness(world, { plan, start, days }),
    ...againstLimits(world, { plan, start, service }),
    ...(member
      ? againstMember(world, { member, plan, span, days, asked })
      : [{ code: 'no-staff-qualified' as const, source: unqualified(world, asked) }]),
  ]
}

/** The service leaves the member out, or the team does not have them. */
const unqualified = (world: World, { memberId, service }: Asked): Source =>
  service && world.members.some(({ id }) => id === memberId)
    ? { kind: 'service', id: service.id }
    : { kind: 'team', memberId }

type OnDays = { plan: Plan; start: number; days: readonly LocalDay[] }

const againstBusiness = (world: World, { plan, start, days }: OnDays): Objection[] => {
  if (contains(plan.openStarts, start)) return []
  const exception = days.map((day) => exceptionOn(day, world)).find(Boolean)
  if (!exception) return [{ code: 'closed', source: { kind: 'opening-hours', weekday: days[0]?.weekday ?? 1 } }]
  const source = { kind: 'exception', date: exception.date, note: exception.note ?? '' } as const
  return [{ code: exception.holiday ? 'holiday' : 'closed', source }]
}

type Timed = { plan: Plan; start: number; service: ServiceRules | null }

const againstLimits = (world: World, { plan: { clock }, start, service }: Timed): Objection[] => {
  const limits = limitsOf(world, clock, service)
  const day = dayNumber(clock, start)
  const found: Objection[] = []
  if (isTooFar(limits, day)) found.push({ code: 'too-far', source: { kind: 'horizon', ...limits.horizon } })
  if (!isTooSoon(limits, { start, day })) return found
  if (start < world.now) return [...found, { code: 'too-soon', source: { kind: 'past' } }]
  if (start < limits.earliest) found.push({ code: 'too-soon', source: { kind: 'notice', ...limits.notice } })
  if (limits.pastCutOff && day === limits.today)
    found.push({ code: 'too-soon', source: { kind: 'same-day-cut-off', time: world.rules.sameDayCutOff ?? '' } })
  return found
}

type OfMember = { member: MemberPlan; plan: Plan; span: Interval; days: readonly LocalDay[]; asked: Asked }

const againstMember = (world: World, given: OfMember): Objection[] => [
  ...againstHours(given),
  ...againstBooked(world, given),
  ...againstLoad(world, given),
  ...againstGoogle(world, given),
]

/** Time off first: it is the nearer cause. Closed hours are no fault of the member's. */
const againstHours = ({ member: { member, workStarts }, plan, span, days }: OfMember): Objection[] => {
  const off = member.timeOff.filter((each) =>
    timeOffIntervals(plan.clock, days, each).some((interval) => overlap(interval, span)),
  )
  const code = 'no-staff-working' as const
  if (off.length > 0) return off.map(({ id }) => ({ code, source: { kind: 'time-off', memberId: member.id, id } }))
  if (!contains(plan.openStarts, span.from) || contains(workStarts, span.from)) return []
  return [{ code, source: { kind: 'working-hours', memberId: member.id } }]
}

const againstBooked = (world: World, { member: { member }, span, asked }: OfMember): Objection[] => {
  const code = 'full' as const
  const concerns = ({ memberIds }: { memberIds: readonly string[] }) => memberIds.includes(member.id)
  const booked = world.booked
    .filter((each) => concerns(each) && each.id !== asked.exceptId)
    .flatMap((each): Objection[] => {
      if (overlap(each, span)) return [{ code, source: { kind: each.kind, id: each.id } }]
      const { before, after } = gapsBetween(each, asked.service)
      const minutes = each.from >= span.until ? after : before
      const distance = each.from >= span.until ? each.from - span.until : span.from - each.until
      return distance < minutes * minuteMs ? [{ code, source: { kind: 'gap', id: each.id, minutes } }] : []
    })
  const events = world.occurrences
    .filter((each) => (each.memberIds.length === 0 || concerns(each)) && overlap(each, span))
    .map(({ id }): Objection => ({ code, source: { kind: 'google-event', id } }))
  return [...booked, ...events]
}

const againstLoad = ({ rules: { mostPerDay } }: World, { member, plan, span }: OfMember): Objection[] => {
  const count = member.loads.get(dayNumber(plan.clock, span.from))?.count ?? 0
  return mostPerDay !== null && count >= mostPerDay
    ? [{ code: 'full', source: { kind: 'most-per-day', count: mostPerDay } }]
    : []
}

const againstGoogle = ({ rules }: World, { member: { member } }: OfMember): Objection[] =>
  member.google === 'unknown' && rules.whenGoogleUnknown === 'refuse'
    ? [{ code: 'google-unknown', source: { kind: 'google', memberId: member.id } }]
    : []
