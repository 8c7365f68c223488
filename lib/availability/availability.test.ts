import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { availability } from './availability.ts'
import { explain } from './explain.ts'
import type { Booked, Query, ServiceRules, TimeOff, WorkingMember, World } from './world.ts'

const zone = 'Australia/Sydney'
const at = (text: string, inZone = zone) => Temporal.PlainDateTime.from(text).toZonedDateTime(inZone).epochMilliseconds
const wall = (text: string) => Date.parse(`${text}Z`)
const shown = (instant: number) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString().slice(0, 16)

const open = [{ from: '09:00', to: '12:00' }]
const weekdays = { 1: open, 2: open, 3: open, 4: open, 5: open }
const member = (id: string, given: Partial<WorkingMember> = {}): WorkingMember => ({
  id,
  hours: null,
  timeOff: [],
  google: 'fresh',
  ...given,
})
const booked = (start: string, minutes: number, given: Partial<Booked> = {}): Booked => ({
  id: start,
  kind: 'appointment',
  memberIds: ['mia'],
  from: at(start),
  until: at(start) + minutes * 60_000,
  gapBefore: 0,
  gapAfter: 0,
  ...given,
})
const service = (given: Partial<ServiceRules> = {}): ServiceRules => ({
  id: 'tap',
  gapBefore: 0,
  gapAfter: 0,
  memberIds: null,
  people: 1,
  noticeMinutes: null,
  horizonDays: null,
  ...given,
})
const off = (from: string, until: string, given: Partial<TimeOff> = {}): TimeOff => ({
  id: 'leave',
  from: wall(from),
  until: wall(until),
  repeats: 'never',
  lastDay: null,
  ...given,
})

/** Monday 23 November 2026, the day before at noon. */
const monday = '2026-11-23'
const worldOf = ({
  rules,
  ...given
}: Partial<Omit<World, 'rules'>> & { rules?: Partial<World['rules']> } = {}): World => ({
  now: at('2026-11-22T12:00'),
  zone,
  rules: {
    noticeMinutes: 0,
    horizonDays: 60,
    stepMinutes: 60,
    mostPerDay: null,
    sameDayCutOff: null,
    whenGoogleUnknown: 'refuse',
    ...rules,
  },
  week: weekdays,
  exceptions: [],
  members: [member('mia'), member('tom')],
  booked: [],
  occurrences: [],
  ...given,
})
const queryOf = (given: Partial<Query> = {}): Query => ({
  from: at(`${monday}T00:00`),
  until: at('2026-11-24T00:00'),
  service: null,
  minutes: 60,
  memberIds: [],
  limit: 100,
  ...given,
})
const slots = (world: World, query: Partial<Query> = {}) =>
  availability(world, queryOf(query)).slots.map(({ start, memberIds }) => `${shown(start).slice(11)} ${memberIds}`)
const reason = (world: World, query: Partial<Query> = {}) => availability(world, queryOf(query)).days[0]?.reason
const objections = (world: World, start: string, given: { memberId?: string; service?: ServiceRules } = {}) =>
  explain(world, { memberId: 'mia', start: at(start), minutes: 60, service: null, ...given })

test('each start within the opening hours is a slot of everyone who is free', () => {
  expect(slots(worldOf())).toEqual(['09:00 mia,tom', '10:00 mia,tom', '11:00 mia,tom'])
  expect(availability(worldOf(), queryOf()).days).toEqual([])
})

describe('a day without a slot has a reason', () => {
  const sunday = { from: at('2026-11-22T00:00'), until: at('2026-11-23T00:00') }
  test('closed: by the week or by an exception', () => {
    expect(reason(worldOf(), sunday)).toBe('closed')
    const exceptions = [{ date: monday, hours: [], note: 'Stocktaking' }]
    expect(reason(worldOf({ exceptions }))).toBe('closed')
    expect(objections(worldOf({ exceptions }), `${monday}T10:00`)).toEqual([
      { code: 'closed', source: { kind: 'exception', date: monday, note: 'Stocktaking' } },
    ])
    expect(objections(worldOf(), '2026-11-29T10:00')).toEqual([
      { code: 'closed', source: { kind: 'opening-hours', weekday: 7 } },
    ])
  })

  test('holiday', () => {
    const world = worldOf({ exceptions: [{ date: monday, hours: [], note: 'Labour Day', holiday: true }] })
    expect(reason(world)).toBe('holiday')
    expect(objections(world, `${monday}T10:00`)[0]).toEqual({
      code: 'holiday',
      source: { kind: 'exception', date: monday, note: 'Labour Day' },
    })
  })

  test('too-far: after the horizon of the business, or the one of the service', () => {
    expect(reason(worldOf({ rules: { horizonDays: 0 } }))).toBe('too-far')
    expect(reason(worldOf({ rules: { horizonDays: 0 } }), { service: service({ horizonDays: 1 }) })).toBeUndefined()
    expect(objections(worldOf(), '2027-02-01T10:00')[0]).toEqual({
      code: 'too-far',
      source: { kind: 'horizon', days: 60, of: 'business' },
    })
  })

  test('too-soon: within the notice, after the cut-off of today, or past', () => {
    const now = at(`${monday}T10:00`)
    expect(reason(worldOf({ now, rules: { noticeMinutes: 61 } }))).toBe('too-soon')
    expect(slots(worldOf({ now, rules: { noticeMinutes: 61 } }), { service: service({ noticeMinutes: 60 }) })).toEqual([
      '11:00 mia,tom',
    ])
    const cutOff = worldOf({ now, rules: { sameDayCutOff: '10:00' } })
    expect(reason(cutOff)).toBe('too-soon')
    expect(objections(cutOff, `${monday}T11:00`)).toEqual([
      { code: 'too-soon', source: { kind: 'same-day-cut-off', time: '10:00' } },
    ])
    expect(objections(worldOf({ now }), `${monday}T09:00`)).toEqual([{ code: 'too-soon', source: { kind: 'past' } }])
    expect(objections(worldOf({ now, rules: { noticeMinutes: 120 } }), `${monday}T11:00`)).toEqual([
      { code: 'too-soon', source: { kind: 'notice', minutes: 120, of: 'business' } },
    ])
  })

  test('no-staff-qualified', () => {
    const query = { service: service({ memberIds: [] }) }
    expect(reason(worldOf(), query)).toBe('no-staff-qualified')
    expect(objections(worldOf(), `${monday}T10:00`, query)).toEqual([
      { code: 'no-staff-qualified', source: { kind: 'service', id: 'tap' } },
    ])
    expect(objections(worldOf(), `${monday}T10:00`, { memberId: 'gone' })).toEqual([
      { code: 'no-staff-qualified', source: { kind: 'team', memberId: 'gone' } },
    ])
  })

  test('no-staff-working: by working hours or time off', () => {
    const afternoon = [{ from: '13:00', to: '17:00' }]
    const members = [
      member('mia', { hours: { 1: afternoon } }),
      member('tom', { timeOff: [off(`${monday}T00:00`, '2026-11-24T00:00')] }),
    ]
    expect(reason(worldOf({ members }))).toBe('no-staff-working')
    expect(objections(worldOf({ members }), `${monday}T10:00`)).toEqual([
      { code: 'no-staff-working', source: { kind: 'working-hours', memberId: 'mia' } },
    ])
    expect(objections(worldOf({ members }), `${monday}T10:00`, { memberId: 'tom' })).toEqual([
      { code: 'no-staff-working', source: { kind: 'time-off', memberId: 'tom', id: 'leave' } },
    ])
  })

  test('full: by appointments, holds, Google events or the most appointments of a day', () => {
    const members = [member('mia')]
    expect(reason(worldOf({ members, booked: [booked(`${monday}T09:00`, 180)] }))).toBe('full')
    expect(reason(worldOf({ members, booked: [booked(`${monday}T09:00`, 180, { kind: 'hold' })] }))).toBe('full')
    const event = { id: 'event', from: at(`${monday}T08:00`), until: at(`${monday}T12:00`), memberIds: [] }
    expect(reason(worldOf({ members, occurrences: [event] }))).toBe('full')
    expect(reason(worldOf({ members, occurrences: [{ ...event, memberIds: ['tom'] }] }))).toBeUndefined()
    const one = { members, booked: [booked(`${monday}T09:00`, 60)], rules: { mostPerDay: 1 } }
    expect(reason(worldOf(one))).toBe('full')
    expect(objections(worldOf({ ...one, occurrences: [event] }), `${monday}T09:30`)).toEqual([
      { code: 'full', source: { kind: 'appointment', id: `${monday}T09:00` } },
      { code: 'full', source: { kind: 'google-event', id: 'event' } },
      { code: 'full', source: { kind: 'most-per-day', count: 1 } },
    ])
  })

  test('google-unknown: only if nothing else leaves the day empty, and never if such bookings are pending', () => {
    const members = [member('mia', { google: 'unknown' })]
    expect(reason(worldOf({ members }))).toBe('google-unknown')
    expect(reason(worldOf({ members, booked: [booked(`${monday}T09:00`, 180)] }))).toBe('full')
    expect(reason(worldOf({ members, rules: { whenGoogleUnknown: 'pending' } }))).toBeUndefined()
    expect(reason(worldOf({ members: [member('mia', { google: 'unlinked' })] }))).toBeUndefined()
    expect(objections(worldOf({ members }), `${monday}T10:00`)).toEqual([
      { code: 'google-unknown', source: { kind: 'google', memberId: 'mia' } },
    ])
  })
})

describe('gaps', () => {
  const world = worldOf({
    members: [member('mia')],
    rules: { stepMinutes: 10 },
    booked: [booked(`${monday}T10:00`, 30, { gapBefore: 10, gapAfter: 20 })],
  })

  test('the larger gap counts; gaps are not added', () => {
    expect(slots(world, { minutes: 30, service: service({ gapBefore: 10, gapAfter: 20 }) })).toEqual([
      '09:00 mia',
      '09:10 mia',
      ...['10:50 mia', '11:00 mia', '11:10 mia', '11:20 mia', '11:30 mia'],
    ])
  })

  test('the gap of the existing appointment counts without a service too', () => {
    expect(slots(world, { minutes: 30 })).toEqual([
      '09:00 mia',
      '09:10 mia',
      '09:20 mia',
      ...['10:50 mia', '11:00 mia', '11:10 mia', '11:20 mia', '11:30 mia'],
    ])
    expect(objections(world, `${monday}T10:40`)).toEqual([
      { code: 'full', source: { kind: 'gap', id: `${monday}T10:00`, minutes: 20 } },
    ])
  })

  test('gaps need no opening hours, and Google events have none', () => {
    const event = { id: 'event', from: at(`${monday}T10:00`), until: at(`${monday}T11:00`), memberIds: [] }
    const query = { service: service({ gapBefore: 30, gapAfter: 30 }) }
    expect(slots(worldOf({ members: [member('mia')], occurrences: [event] }), query)).toEqual([
      '09:00 mia',
      '11:00 mia',
    ])
  })
})

describe('any member', () => {
  test('fewest appointments that day, then longest idle, then the order of the team', () => {
    const members = ['ann', 'ben', 'cat', 'dan'].map((id) => member(id))
    const at9 = (id: string, minutes: number) => booked(`${monday}T09:00`, minutes, { id, memberIds: [id] })
    const later = booked(`${monday}T11:00`, 60, { memberIds: ['ann'] })
    const world = worldOf({ members, booked: [at9('ann', 15), at9('ben', 45), at9('cat', 30), later] })
    expect(slots(world, { from: at(`${monday}T10:00`) })).toEqual(['10:00 dan,cat,ben,ann', '11:00 dan,cat,ben'])
    expect(slots(world, { from: at(`${monday}T10:00`) })).toEqual(slots(world, { from: at(`${monday}T10:00`) }))
  })

  test('a service for two takes two, and those asked for come first', () => {
    const world = worldOf({ booked: [booked(`${monday}T10:00`, 60)] })
    expect(slots(world, { service: service({ people: 2 }) })).toEqual(['09:00 tom,mia', '11:00 tom,mia'])
    expect(slots(world, { memberIds: ['mia'] })).toEqual(['09:00 mia,tom', '11:00 mia,tom'])
    expect(reason(world, { memberIds: ['mia'], service: service({ memberIds: ['tom'] }) })).toBe('no-staff-qualified')
  })
})

describe('daylight saving in Sydney', () => {
  const night = [{ from: '00:00', to: '05:00' }]
  const world = (now: string) => worldOf({ now: at(now), week: { 7: night }, members: [member('mia')] })

  test('the hour that does not exist is never offered', () => {
    const query = { from: at('2026-10-04T00:00'), until: at('2026-10-05T00:00') }
    expect(slots(world('2026-10-03T12:00'), query)).toEqual(['00:00 mia', '01:00 mia', '03:00 mia', '04:00 mia'])
  })

  test('of the hour that exists twice the first is offered', () => {
    const query = { from: at('2026-04-05T00:00'), until: at('2026-04-06T00:00') }
    const found = availability(world('2026-04-04T12:00'), queryOf(query)).slots
    expect(found.map(({ start }) => new Date(start).toISOString().slice(11, 16))).toEqual([
      ...['13:00', '14:00', '15:00'],
      ...['17:00', '18:00'],
    ])
  })
})

describe('time off', () => {
  const free = (timeOff: TimeOff, date: string) => {
    const query = { from: at(`${date}T00:00`), until: at(`${date}T23:00`) }
    const world = worldOf({ members: [member('mia', { timeOff: [timeOff] })], week: { ...weekdays, 6: open, 7: open } })
    return slots({ ...world, rules: { ...world.rules, horizonDays: 1000 } }, query).length
  }

  test('repeats weekly at the same wall time until its last day', () => {
    const weekly = off('2026-11-02T10:00', '2026-11-02T11:00', {
      repeats: 'weekly',
      lastDay: Date.parse('2026-12-01') / 86_400_000,
    })
    expect(['2026-11-23', '2026-11-24', '2026-11-30', '2026-12-07'].map((date) => free(weekly, date))).toEqual([
      ...[2, 3],
      ...[2, 3],
    ])
  })

  test('repeats yearly, on 29 February in leap years only', () => {
    const yearly = off('2024-02-29T00:00', '2024-03-01T00:00', { repeats: 'yearly' })
    expect(['2027-02-28', '2027-03-01', '2028-02-29'].map((date) => free(yearly, date))).toEqual([3, 3, 0])
  })
})

test('the limit ends the search on its day; a part of the day narrows it', () => {
  const query = { until: at('2026-11-30T00:00'), limit: 4 }
  expect(slots(worldOf(), query)).toHaveLength(4)
  expect(slots(worldOf({ week: { 1: [{ from: '09:00', to: '19:00' }] } }), { part: 'evening' })).toEqual([
    '17:00 mia,tom',
    '18:00 mia,tom',
  ])
})
