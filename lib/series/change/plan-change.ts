import { dateOf, dayNumberOf, firstDateOf, fromRule, type Repeat, toRule, withEnd } from '#lib/repeat/repeat.ts'
import {
  countBefore,
  horizonOf,
  isoOf,
  minutesAfter,
  mostVisits,
  nextAfter,
  originalStarts,
  type Schedule,
  type WallTime,
  wallClock,
} from '../dates.ts'
import type { Scope } from '../schema.ts'
import { pairDates } from './pair-dates.ts'
import { type Move, shiftRule } from './shift-rule.ts'
import { changedFields, lengthOf, sameValue, type Template } from './template.ts'

/**
 * What a change of the following visits, or of all upcoming ones, does to each of them. Past and
 * running visits never change. A visit that was changed one by one keeps the fields in which it
 * differs from the series, unless `includeChanged`. The new series continues the old one, which
 * ends before it.
 */

export type SeriesState = Schedule & {
  timeZone: string
  minutes: number
  template: Template
  ended: boolean
  plannedUntil: string | null
}

export type VisitState = {
  originalStart: WallTime
  state: 'booked' | 'skipped' | 'needs-time'
  /** Of a booked visit. Instants are UTC. */
  appointment: { id: string; start: string; end: string; status: 'booked' | 'cancelled'; template: Template } | null
}

/** What a person changed of the visit on which they acted; what is not given stays. */
export type Edit =
  | { kind: 'cancel' }
  | {
      kind: 'edit'
      fields: Partial<Template>
      minutes?: number
      /** Where that visit goes: wall time in `timeZone`. */
      startsAt?: WallTime
      repeat?: Repeat
      /** The zone of the business, for times that are new. */
      timeZone: string
    }

export type VisitOutcome = {
  /** The row of before; null for a date that is new. */
  from: WallTime | null
  /** The row of after; null if the date is no longer one of the series. */
  to: WallTime | null
} & (
  | { kind: 'keep'; isChanged: boolean }
  | { kind: 'cancel' }
  /** `takesTime`: it moves or goes to others, so that its time has to be checked. */
  | { kind: 'update'; id: string; start: string; end: string; template: Template; takesTime: boolean }
  | { kind: 'create'; start: string; end: string }
)

export type ChangePlan = {
  /** The series of before, as it is after. */
  old: SeriesState
  /** Null if the series changes in place, or ends: all outcomes are rows of the old one then. */
  next: SeriesState | null
  /** Visits that stay in the old series. */
  loose: VisitOutcome[]
  outcomes: VisitOutcome[]
}

export type PlanRequest = {
  series: SeriesState
  visits: readonly VisitState[]
  now: string
  scope: Scope
  /** The visit on which the person acted. */
  acted: WallTime
  edit: Edit
  includeChanged: boolean
}

export type PlanRefusal = 'nothing-upcoming' | 'occupied-weekday' | 'no-dates' | 'too-many-dates'

export const planChange = (request: PlanRequest): { ok: true; plan: ChangePlan } | { ok: false; code: PlanRefusal } => {
  const { series, edit } = request
  const { first, stragglers, affected, isSplit } = partsOf(request)
  if (!first && stragglers.length === 0) return { ok: false, code: 'nothing-upcoming' }
  if (edit.kind === 'cancel')
    return { ok: true, plan: cancelPlan(request, { first, isSplit, touched: [...stragglers, ...affected] }) }
  // Only visits that were moved beyond the end of the series are left.
  const next = first ? nextSeries(request, edit, first) : null
  if (next && !next.ok) return next
  const loose = stragglers.map((visit) => outcomeOf(visit, visit.originalStart, { request, edit, next: null }))
  if (!next) return { ok: true, plan: { old: series, next: null, loose, outcomes: [] } }
  const outcomes = pairedOutcomes({ request, edit, affected, next })
  if (!isSplit) return { ok: true, plan: { old: next.series, next: null, loose, outcomes } }
  const old = { ...series, rule: endedBefore(series, first ?? ''), plannedUntil: null }
  return { ok: true, plan: { old, next: next.series, loose, outcomes } }
}

/** Upcoming visits that were changed one by one, without the one on which the person acts. */
export const countChanged = (request: Omit<PlanRequest, 'edit' | 'includeChanged'>): number => {
  const { series, acted } = request
  const { stragglers, affected } = partsOf(request)
  return [...stragglers, ...affected].filter(
    (visit) =>
      visit.originalStart !== acted &&
      visit.appointment?.status === 'booked' &&
      !isPast(visit, request) &&
      isChangedAlone(visit, series),
  ).length
}

/** Upcoming booked visits that a change concerns. */
export const countConcerned = (request: Omit<PlanRequest, 'edit' | 'includeChanged'>): number => {
  const { stragglers, affected } = partsOf(request)
  return [...stragglers, ...affected].filter(
    (visit) => visit.appointment?.status === 'booked' && !isPast(visit, request),
  ).length
}

type Asked = Pick<PlanRequest, 'series' | 'visits' | 'now' | 'scope' | 'acted'>

/**
 * `first`: the date of the rule from which on the series changes. `stragglers`: other visits that
 * are still to come, because they were moved or because the rule no longer has their date.
 */
const partsOf = (asked: Asked) => {
  const { series, visits, now, scope, acted } = asked
  const { instantAt } = wallClock(series.timeZone)
  const from = scope === 'all' ? '' : acted
  const today = dateOf(dayNumberOf(now.slice(0, 10)) - 2)
  const ofRule = new Set(datesOf(series, { from: today, until: series.plannedUntil }))
  const upcoming = visits.find(
    ({ originalStart }) => originalStart >= from && ofRule.has(originalStart) && instantAt(originalStart) > now,
  )
  const unplanned = series.plannedUntil && !series.ended ? nextAfter(series, series.plannedUntil) : null
  const first = upcoming?.originalStart ?? unplanned
  const before = visits.filter(({ originalStart }) => !first || originalStart < first)
  return {
    first,
    affected: first ? visits.filter(({ originalStart }) => originalStart >= first) : [],
    stragglers: before.filter(
      (visit) => visit.originalStart >= from && visit.appointment?.status === 'booked' && !isPast(visit, asked),
    ),
    isSplit: before.length > 0,
  }
}

const isPast = ({ originalStart, appointment }: VisitState, { series, now }: Asked) =>
  (appointment?.start ?? wallClock(series.timeZone).instantAt(originalStart)) <= now

const endedBefore = ({ rule }: SeriesState, first: WallTime) =>
  withEnd(rule, { on: dateOf(dayNumberOf(first.slice(0, 10)) - 1) })

type CancelParts = { first: WallTime | null; isSplit: boolean; touched: readonly VisitState[] }

/** Cancelled visits keep their rows, so that no date is made a second time. */
const cancelPlan = (request: PlanRequest, { first, isSplit, touched }: CancelParts): ChangePlan => {
  const { series } = request
  const old = !first
    ? series
    : isSplit
      ? { ...series, rule: endedBefore(series, first), plannedUntil: null }
      : { ...series, ended: true, plannedUntil: null }
  return {
    old,
    ...{ next: null, loose: [] },
    outcomes: touched.map((visit): VisitOutcome => {
      const same = { from: visit.originalStart, to: visit.originalStart }
      const isCancelled = visit.state === 'needs-time' || visit.appointment?.status === 'booked'
      return isCancelled && !isPast(visit, request)
        ? { ...same, kind: 'cancel' }
        : { ...same, kind: 'keep', isChanged: false }
    }),
  }
}

type EditFields = Extract<Edit, { kind: 'edit' }>

export type NextSeries = {
  ok: true
  series: SeriesState
  /** Dates of before and after, in order, from `first` on. */
  oldDates: WallTime[]
  newDates: WallTime[]
}

/** The rule from `first` on, and its dates. */
const nextSeries = (
  { series, visits, now, acted }: PlanRequest,
  edit: EditFields,
  first: WallTime,
): NextSeries | { ok: false; code: PlanRefusal } => {
  const changesTime = edit.startsAt !== undefined || edit.repeat !== undefined
  const timeZone = changesTime ? edit.timeZone : series.timeZone
  const oldDates = datesOf(series, { from: first, until: series.plannedUntil })
  const found = nextSchedule({ series, visits, acted, edit, first })
  if (!found) return { ok: false, code: 'occupied-weekday' }
  const today = wallClock(timeZone).dateAt(now)
  const horizon = horizonOf(today, found.startsAt.slice(0, 10))
  const isShifted = edit.startsAt !== undefined && edit.repeat === undefined
  const schedule = isShifted ? withSameNumber(found, { series, first }) : found
  const within = datesOf(schedule, { from: schedule.startsAt, until: horizon })
  if (within.length === 0) return { ok: false, code: 'no-dates' }
  if (within.length > mostVisits) return { ok: false, code: 'too-many-dates' }
  // As many as before, so that each visit has its date.
  const newDates =
    within.length < oldDates.length && isShifted
      ? originalStarts(schedule, { from: schedule.startsAt.slice(0, 10), to: endOfTime, limit: oldDates.length })
      : within
  const last = newDates.at(-1)?.slice(0, 10) ?? horizon
  const planned = [last, horizon].sort().at(-1) ?? horizon
  return {
    ok: true,
    series: {
      ...schedule,
      timeZone,
      minutes: edit.minutes ?? series.minutes,
      template: { ...series.template, ...edit.fields },
      ended: false,
      plannedUntil: nextAfter(schedule, planned) && planned,
    },
    oldDates,
    newDates,
  }
}

/** A shift by some weeks ends some weeks later. */
const endOfTime = '2300-12-31'

const datesOf = (schedule: Schedule, { from, until }: { from: WallTime; until: string | null }) =>
  originalStarts(schedule, { from: from.slice(0, 10), to: until ?? endOfTime, limit: mostVisits + 1 })

type NextRequest = Pick<PlanRequest, 'series' | 'visits' | 'acted'> & { edit: EditFields; first: WallTime }

const nextSchedule = ({ series, visits, acted, edit, first }: NextRequest): Schedule | null => {
  const time = edit.startsAt?.slice(10) ?? first.slice(10)
  if (edit.repeat) {
    const isActed = first === acted && edit.startsAt
    const firstDate = firstDateOf(edit.repeat, (isActed || first).slice(0, 10))
    return { rule: toRule(edit.repeat, firstDate), startsAt: firstDate + time }
  }
  const rest = restOf(series, first)
  if (edit.startsAt === undefined) return { rule: rest, startsAt: first }
  return shiftRule(rest, { move: moveOf({ series, visits, acted, first }, edit.startsAt), first })
}

/** Of a visit that was moved before, the others follow the last move: its days and its time. */
const moveOf = ({ series, visits, acted, first }: Omit<NextRequest, 'edit'>, to: WallTime): Move => {
  if (acted >= first) return { from: acted, to }
  const { start = '' } = visits.find(({ originalStart }) => originalStart === acted)?.appointment ?? {}
  const days = start ? dayNumberOf(to.slice(0, 10)) - dayNumberOf(wallClock(series.timeZone).dateAt(start)) : 0
  return { from: first, to: dateOf(dayNumberOf(first.slice(0, 10)) + days) + to.slice(10) }
}

/** The rule from a date on: what is left of a number. */
const restOf = (series: SeriesState, first: WallTime): string => {
  const { ends } = fromRule(series.rule)
  if (typeof ends !== 'object' || !('after' in ends)) return series.rule
  return withEnd(series.rule, { after: Math.max(1, ends.after - countBefore(series, first.slice(0, 10))) })
}

/** A shifted rule ends after as many visits as the one before it would have. */
const withSameNumber = (shifted: Schedule, { series, first }: Pick<NextRequest, 'series' | 'first'>): Schedule => {
  const { ends } = fromRule(restOf(series, first))
  if (ends === 'never') return shifted
  if ('after' in ends) return { ...shifted, rule: withEnd(shifted.rule, ends) }
  const count = datesOf(series, { from: first, until: ends.on }).length
  const limit = Math.max(1, count)
  const last = originalStarts(shifted, { from: shifted.startsAt.slice(0, 10), to: endOfTime, limit }).at(-1)
  return { ...shifted, rule: withEnd(shifted.rule, { on: (last ?? shifted.startsAt).slice(0, 10) }) }
}

type Pairing = { request: PlanRequest; edit: EditFields; affected: readonly VisitState[]; next: NextSeries }

const pairedOutcomes = ({ request, edit, affected, next }: Pairing): VisitOutcome[] => {
  const pairs = pairDates(request.series, next)
  const taken = new Set<WallTime>()
  // Dates of the rule first: a row that is none of them gives way.
  const ordered = affected.toSorted((a, b) => Number(!pairs.has(a.originalStart)) - Number(!pairs.has(b.originalStart)))
  const outcomes = ordered.map((visit) => {
    const own = pairs.has(visit.originalStart) ? null : visit.originalStart
    const date = pairs.get(visit.originalStart) ?? (own && next.newDates.includes(own) ? own : null)
    const outcome = outcomeOf(visit, date !== null && taken.has(date) ? null : date, { request, edit, next })
    if (outcome.to) taken.add(outcome.to)
    return outcome
  })
  const { instantAt } = wallClock(next.series.timeZone)
  const created = next.newDates
    .filter((date) => !taken.has(date) && instantAt(date) > request.now)
    .map((to): VisitOutcome => {
      const start = instantAt(to)
      return { from: null, to, kind: 'create', start, end: minutesAfter(start, next.series.minutes) }
    })
  return [...outcomes, ...created]
}

type Outcome = { request: PlanRequest; edit: EditFields; next: NextSeries | null }

/** `date`: its date after the change; null if it has none. */
const outcomeOf = (visit: VisitState, date: WallTime | null, { request, edit, next }: Outcome): VisitOutcome => {
  const { series, acted, now, includeChanged } = request
  const { originalStart: from, appointment } = visit
  const isFree = (wall: WallTime) => !next?.newDates.includes(wall)
  const keep = (to: WallTime | null, isChanged = false): VisitOutcome => ({ from, to, kind: 'keep', isChanged })
  if (visit.state === 'skipped') return keep(date)
  if (visit.state === 'needs-time') return openOutcome(visit, date, { request, edit, next })
  if (!appointment || appointment.status === 'cancelled' || isPast(visit, request))
    return keep(date ?? (appointment && isPast(visit, request) && isFree(from) ? from : null))
  const isActed = from === acted
  const isChanged = isChangedAlone(visit, series)
  if (date === null)
    return isChanged && !includeChanged && !isActed
      ? keep(isFree(from) ? from : null, true)
      : { from, to: null, kind: 'cancel' }
  const overwrites = isActed || includeChanged
  const template = { ...appointment.template }
  const own = changedFields(series.template, appointment.template)
  for (const name of Object.keys(edit.fields) as (keyof Template)[])
    if (overwrites || !own.includes(name)) Object.assign(template, { [name]: edit.fields[name] })
  const minutes = lengthOf(appointment)
  const length = edit.minutes !== undefined && (overwrites || minutes === series.minutes) ? edit.minutes : minutes
  const start = startOf({ visit, date, request, edit, next })
  const end = length === minutes ? shiftedEnd(appointment, start) : minutesAfter(start, length)
  const takesTime =
    start !== appointment.start ||
    end !== appointment.end ||
    !sameValue(template.assigneeIds, appointment.template.assigneeIds)
  if (!takesTime && changedFields(template, appointment.template).length === 0) return keep(date, isChanged && !isActed)
  // What has passed is no place to move to.
  if (start <= now) return keep(date, true)
  return { from, to: date, kind: 'update', id: appointment.id, start, end, template, takesTime }
}

const shiftedEnd = (was: { start: string; end: string }, start: string) =>
  start === was.start ? was.end : isoOf(Date.parse(start) + Date.parse(was.end) - Date.parse(was.start))

type StartOf = Outcome & { visit: VisitState; date: WallTime }

const startOf = ({ visit, date, request, edit, next }: StartOf): string => {
  const { series, acted, includeChanged } = request
  const { originalStart, appointment } = visit
  const current = appointment?.start ?? ''
  if (originalStart === acted && edit.startsAt) return wallClock(edit.timeZone).instantAt(edit.startsAt)
  if (!next || (edit.startsAt === undefined && edit.repeat === undefined)) return current
  const isMovedAlone = current !== wallClock(series.timeZone).instantAt(originalStart)
  return isMovedAlone && !includeChanged ? current : wallClock(next.series.timeZone).instantAt(date)
}

/** A visit that needs a time is tried again where the change gives it another one. */
const openOutcome = (visit: VisitState, date: WallTime | null, { request, edit, next }: Outcome): VisitOutcome => {
  const { originalStart: from } = visit
  if (date === null) return { from, to: null, kind: 'cancel' }
  const { startsAt, repeat, minutes, fields } = edit
  const isOther =
    startsAt !== undefined || repeat !== undefined || minutes !== undefined || fields.assigneeIds !== undefined
  const start = next && wallClock(next.series.timeZone).instantAt(date)
  if (!next || !start || !isOther || start <= request.now) return { from, to: date, kind: 'keep', isChanged: false }
  return { from, to: date, kind: 'create', start, end: minutesAfter(start, next.series.minutes) }
}

/** Whether a visit differs from what the series says of it. */
export const isChangedAlone = ({ originalStart, appointment }: VisitState, series: SeriesState): boolean =>
  appointment !== null &&
  (appointment.start !== wallClock(series.timeZone).instantAt(originalStart) ||
    lengthOf(appointment) !== series.minutes ||
    changedFields(series.template, appointment.template).length > 0)
