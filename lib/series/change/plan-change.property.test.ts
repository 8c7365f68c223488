import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstDateOf, type Repeat, repeatSchema, toRule } from '#lib/repeat/repeat.ts'
import {
  datesOf,
  type Expected,
  expectedAfter,
  goesOn,
  horizonOf,
  instantOf,
  isChangedAlone,
  later,
  type Model,
  nextOf,
  wallOf,
} from '#testing/series/model.ts'
import { horizonOf as horizonOfSeries, originalStarts, wallClock } from '../dates.ts'
import {
  type ChangePlan,
  countChanged,
  type Edit,
  planChange,
  type SeriesState,
  type VisitState,
} from './plan-change.ts'
import type { Template } from './template.ts'

/** `SERIES_CASES=5000` for the whole. */
const cases = Number(process.env.SERIES_CASES ?? 150)

const zones = ['Australia/Sydney', 'America/New_York', 'Europe/London', 'Asia/Kolkata', 'UTC']
const someEnd = fc.oneof(
  fc.constant('never' as const),
  fc.integer({ min: 1, max: 30 }).map((after) => ({ after })),
  fc.integer({ min: 0, max: 500 }).map((days) => ({ on: dateAfter('2026-10-01', days) })),
)
const someRepeat: fc.Arbitrary<Repeat> = fc
  .record({
    every: fc.constantFrom(1, 1, 2, 3),
    unit: fc.constantFrom('day', 'week', 'week', 'month', 'month', 'year'),
    weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
    monthly: fc.constantFrom('date', 'weekday', 'last-weekday', 'last-day'),
    ends: someEnd,
  })
  .map((given) => repeatSchema.parse(given.unit === 'day' ? { ...given, every: given.every + 4 } : given))
const someTime = fc.constantFrom('T09:00', 'T10:30', 'T02:30', 'T00:00', 'T23:45')
const somePick = fc.nat(999)
const someFields: fc.Arbitrary<Partial<Template>> = fc.record(
  {
    title: fc.constantFrom('Mow', 'Clean', 'Trim'),
    notes: fc.constantFrom('', 'Key under the mat'),
    assigneeIds: fc.constantFrom([], ['mia'], ['mia', 'tom']),
    serviceId: fc.constantFrom(null, 'mowing'),
  },
  { requiredKeys: [] },
)

type Step =
  | { do: 'alone'; pick: number; what: 'move' | 'stretch' | 'rename' | 'cancel' | 'skip'; by: number }
  | { do: 'wait'; days: number }
  | { do: 'zone'; zone: string }
  | { do: 'change'; pick: number; scope: 'following' | 'all'; includeChanged: boolean; edit: SomeEdit }

type SomeEdit =
  | { kind: 'cancel' }
  | {
      kind: 'edit'
      fields: Partial<Template>
      minutes?: number
      shift?: { days: number; time: string }
      repeat?: Repeat
    }

const someEdit: fc.Arbitrary<SomeEdit> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'cancel' as const }) },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        kind: fc.constant('edit' as const),
        fields: someFields,
        minutes: fc.constantFrom(30, 60, 90),
        shift: fc.record({ days: fc.integer({ min: -4, max: 9 }), time: someTime }),
        repeat: someRepeat,
      },
      { requiredKeys: ['kind', 'fields'] },
    ),
  },
)
const someStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('alone' as const),
    pick: somePick,
    what: fc.constantFrom('move', 'stretch', 'rename', 'cancel', 'skip'),
    by: fc.integer({ min: -300, max: 300 }),
  }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ do: fc.constant('zone' as const), zone: fc.constantFrom(...zones) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      pick: somePick,
      scope: fc.constantFrom('following', 'all'),
      includeChanged: fc.boolean(),
      edit: someEdit,
    }),
  },
)
const someSeries = fc.record({
  repeat: someRepeat,
  day: fc.integer({ min: 0, max: 60 }),
  time: someTime,
  zone: fc.constantFrom(...zones),
  steps: fc.array(someStep, { minLength: 1, maxLength: 8 }),
})

const dateAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
const template: Template = {
  ...{ title: 'Mow', location: 'Manly', notes: '', customerName: 'Kim', customerPhone: '', customerEmail: '' },
  ...{ serviceId: null, assigneeIds: ['mia'] },
}

/** A series as the product and as the reference have it, and the time. */
type Run = { series: SeriesState; model: Model; now: string; businessZone: string; nextId: number }

const begin = ({
  repeat,
  day,
  time,
  zone,
}: Pick<
  typeof someSeries extends fc.Arbitrary<infer T> ? T : never,
  'repeat' | 'day' | 'time' | 'zone'
>): Run | null => {
  const first = firstDateOf(repeat, dateAfter('2026-10-01', day))
  const now = '2026-09-30T12:00:00Z'
  const horizon = horizonOfSeries(wallClock(zone).dateAt(now), first)
  const rule = toRule(repeat, first)
  const startsAt = first + time
  const dates = originalStarts({ rule, startsAt }, { from: first, to: horizon, limit: 401 })
  if (dates.length === 0 || dates.length > 400) return null
  const model: Model = {
    ...{ repeat, first, time, zone, minutes: 60, template, ended: false },
    plannedUntil: null,
    visits: dates.map((originalStart, n): VisitState => {
      const start = instantOf(originalStart, zone)
      const appointment = { id: `v${n}`, start, end: later(start, 60), status: 'booked' as const, template }
      return { originalStart, state: 'booked', appointment }
    }),
  }
  expect(dates).toEqual(datesOf(model, horizon))
  model.plannedUntil = goesOn(model, horizon) ? horizon : null
  const { plannedUntil } = model
  const series = { rule, startsAt, timeZone: zone, minutes: 60, template, ended: false, plannedUntil }
  return { series, model, now, businessZone: zone, nextId: dates.length }
}

const pickOf = (visits: readonly VisitState[], pick: number) => visits[pick % visits.length]

/** As a person changes one appointment. */
const changeAlone = (run: Run, step: Extract<Step, { do: 'alone' }>) => {
  const visit = pickOf(run.model.visits, step.pick)
  if (!visit?.appointment) return
  const { appointment } = visit
  if (step.what === 'skip') return Object.assign(visit, { state: 'skipped', appointment: null })
  const by = step.by * 15
  if (step.what === 'move')
    visit.appointment = { ...appointment, start: later(appointment.start, by), end: later(appointment.end, by) }
  if (step.what === 'stretch') visit.appointment = { ...appointment, end: later(appointment.start, 75) }
  if (step.what === 'rename')
    visit.appointment = { ...appointment, template: { ...appointment.template, title: 'Other' } }
  if (step.what === 'cancel') visit.appointment = { ...appointment, status: 'cancelled' }
}

const editOf = (run: Run, { edit }: Extract<Step, { do: 'change' }>, acted: VisitState): Edit => {
  if (edit.kind === 'cancel') return edit
  const { shift, ...rest } = edit
  const { businessZone: timeZone } = run
  if (!shift) return { ...rest, timeZone }
  const date = dateAfter(wallOf(instantOf(acted.originalStart, run.series.timeZone), timeZone).slice(0, 10), shift.days)
  return { ...rest, timeZone, startsAt: date + shift.time }
}

const appointmentsOf = (run: Run, plan: ChangePlan): Expected[] => {
  const byKey = new Map(run.model.visits.map((visit) => [visit.originalStart, visit]))
  const outcomes = [...plan.loose, ...plan.outcomes]
  const touched = new Set(outcomes.map(({ from }) => from))
  const left = run.model.visits.filter(({ originalStart }) => !touched.has(originalStart))
  return [
    ...left.flatMap(({ appointment, originalStart: key }) => (appointment ? [{ ...appointment, key }] : [])),
    ...outcomes.flatMap((outcome): Expected[] => {
      const was = outcome.from === null ? null : (byKey.get(outcome.from)?.appointment ?? null)
      const key = outcome.to
      if (outcome.kind === 'create') {
        const { start, end } = outcome
        const made = (plan.next ?? plan.old).template
        return [{ id: null, key, start, end, status: 'booked', template: made }]
      }
      if (!was) return []
      if (outcome.kind === 'cancel') return [{ ...was, key, status: 'cancelled' }]
      if (outcome.kind === 'keep') return [{ ...was, key }]
      const { start, end, template: made } = outcome
      return [{ ...was, key, start, end, template: made }]
    }),
  ]
}

const sorted = (list: readonly Expected[]) =>
  list
    .map(({ id, key, start, end, status, template: made }) =>
      JSON.stringify([id, key, start, end, status, Object.entries(made).sort(([a], [b]) => (a < b ? -1 : 1))]),
    )
    .sort()

const counts = { changes: 0, splits: 0, refused: 0, created: 0, moved: 0, cancelled: 0, kept: 0, past: 0 }

const changeSeries = (run: Run, step: Extract<Step, { do: 'change' }>) => {
  const { model, now } = run
  const visit = pickOf(model.visits, step.pick)
  if (!visit || run.series.ended) return
  const acted = visit.originalStart
  const { scope, includeChanged } = step
  const edit = editOf(run, step, visit)
  const request = { series: run.series, visits: model.visits, now, scope, acted, edit, includeChanged }
  const planned = planChange(request)
  const expected = expectedAfter(model, { scope, acted, edit, includeChanged, now })
  expect(planned.ok, planned.ok ? 'planned' : planned.code).toBe(expected !== null)
  if (!planned.ok || !expected) return void counts.refused++
  const { plan } = planned
  const found = appointmentsOf(run, plan)
  const [is, should] = [sorted(found), sorted(expected)]
  const differences = {
    wrong: is.filter((each) => !should.includes(each)).slice(0, 3),
    missing: should.filter((each) => !is.includes(each)).slice(0, 3),
    number: is.length,
  }
  expect(differences).toEqual({ wrong: [], missing: [], number: should.length })
  checkPast(model, found, now)
  count(plan)
  follow(run, { plan, edit, change: { scope, acted, edit, includeChanged, now } })
}

/** Whatever the change: what has begun is as it was. */
const checkPast = ({ visits }: Model, found: readonly Expected[], now: string) => {
  const byId = new Map(found.map((each) => [each.id, each]))
  for (const { appointment } of visits) {
    if (!appointment || appointment.start > now) continue
    const { key: _, ...after } = byId.get(appointment.id) ?? { key: null }
    expect(after).toEqual(appointment)
    counts.past++
  }
  for (const { id, start } of found) if (id === null) expect(start > now).toBe(true)
}

const count = (plan: ChangePlan) => {
  counts.changes++
  if (plan.next) counts.splits++
  for (const { kind } of [...plan.loose, ...plan.outcomes])
    counts[({ keep: 'kept', update: 'moved', cancel: 'cancelled', create: 'created' } as const)[kind]]++
}

type Followed = { plan: ChangePlan; edit: Edit; change: Parameters<typeof nextOf>[1] }

/** Goes on with the new series, or with the old one if it changed in place. */
const follow = (run: Run, { plan, edit, change }: Followed) => {
  const { model } = run
  const byKey = new Map(model.visits.map((visit) => [visit.originalStart, visit]))
  const outcomes = plan.next ? plan.outcomes : [...plan.loose, ...plan.outcomes]
  const touched = new Set([...plan.loose, ...plan.outcomes].map(({ from }) => from))
  const left = plan.next ? [] : model.visits.filter(({ originalStart }) => !touched.has(originalStart))
  const visits = outcomes.flatMap((outcome): VisitState[] => {
    if (outcome.to === null) return []
    const was = outcome.from === null ? null : (byKey.get(outcome.from) ?? null)
    const originalStart = outcome.to
    if (outcome.kind === 'create') {
      const { start, end } = outcome
      const made = (plan.next ?? plan.old).template
      return [
        {
          originalStart,
          state: 'booked',
          appointment: { id: `v${run.nextId++}`, start, end, status: 'booked', template: made },
        },
      ]
    }
    if (!was) return []
    const { appointment } = was
    if (outcome.kind === 'cancel' && appointment)
      return [{ ...was, originalStart, appointment: { ...appointment, status: 'cancelled' } }]
    if (outcome.kind === 'update' && appointment) {
      const { start, end, template: made } = outcome
      return [{ ...was, originalStart, appointment: { ...appointment, start, end, template: made } }]
    }
    return [{ ...was, originalStart }]
  })
  const keys = visits.map(({ originalStart }) => originalStart)
  expect(new Set(keys).size).toBe(keys.length)
  const first = plan.outcomes.map(({ from }) => from).find((from) => from !== null)
  const rule =
    edit.kind === 'edit' && plan.outcomes.length > 0 ? nextOf(model, change, firstOf(run, change) ?? first ?? '') : null
  run.series = plan.next ?? plan.old
  model.visits = [...left, ...visits].sort((a, b) => (a.originalStart < b.originalStart ? -1 : 1))
  if (!rule) {
    model.ended = run.series.ended
    model.plannedUntil = run.series.plannedUntil
    if (edit.kind === 'cancel' && !run.series.ended) {
      // Only the past is left of it.
      model.repeat = {
        ...model.repeat,
        ends: { on: run.series.rule.replace(/.*UNTIL=(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3') },
      }
    }
    return
  }
  const horizon = horizonOf(wallOf(change.now, rule.zone).slice(0, 10), rule.first)
  const planned = [rule.dates.at(-1)?.slice(0, 10) ?? '', horizon].sort().at(-1) ?? horizon
  Object.assign(model, { ...rule, plannedUntil: goesOn(rule, planned) ? planned : null })
  expect(run.series).toMatchObject({
    startsAt: rule.first + rule.time,
    plannedUntil: model.plannedUntil,
    minutes: rule.minutes,
  })
  expect(run.series.rule).toBe(toRule(rule.repeat, rule.first))
}

/** The date from which on a series changed, as the reference finds it. */
const firstOf = ({ model }: Run, { scope, acted, now }: Followed['change']) => {
  const dates = datesOf(model, model.plannedUntil ?? '2060-01-01')
  const known = dates.find(
    (date) =>
      date >= (scope === 'all' ? '' : acted) &&
      instantOf(date, model.zone) > now &&
      model.visits.some(({ originalStart }) => originalStart === date),
  )
  return known ?? (model.plannedUntil ? datesOf(model, '2060-01-01', dates.length + 1)[dates.length] : undefined)
}

test('changes of a series equal a reference that looks at every day, and the past never changes', {
  timeout: 3_600_000,
}, () => {
  fc.assert(
    fc.property(someSeries, ({ steps, ...given }) => {
      const run = begin(given)
      if (!run) return
      for (const step of steps) {
        if (step.do === 'alone') changeAlone(run, step)
        if (step.do === 'wait') run.now = later(run.now, step.days * 24 * 60)
        if (step.do === 'zone') run.businessZone = step.zone
        if (step.do === 'change') changeSeries(run, step)
        const { series, model, now } = run
        const [visit] = model.visits
        if (!visit) return
        const asked = { series, visits: model.visits, now, scope: 'all' as const, acted: '' }
        const changed = model.visits.filter(
          (each) =>
            each.appointment?.status === 'booked' && each.appointment.start > now && isChangedAlone(model, each),
        )
        expect(countChanged(asked)).toBe(changed.length)
      }
    }),
    { numRuns: cases, endOnFailure: false },
  )
  // What was never tried proves nothing.
  for (const [name, number] of Object.entries(counts)) expect(number, name).toBeGreaterThan(0)
})
