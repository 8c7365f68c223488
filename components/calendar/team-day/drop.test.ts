import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochMs, instantOf } from '#lib/availability/overlap.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import { placeOfDrop, reassigned, resizedBy, spanOn } from './drop.ts'

const clock = zoneClock('Australia/Sydney')
const isActive = (id: string) => id !== 'gone'
const context = { clock, isActive }
const nine = { start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z' }

describe('a drop', () => {
  test('on another column replaces that member and keeps the others', () => {
    const drop = { from: 'mia', to: 'tom', minutes: 0 }
    expect(placeOfDrop({ ...nine, assigneeIds: ['mia', 'ravi'] }, drop, context)).toEqual({
      ...nine,
      assigneeIds: ['ravi', 'tom'],
    })
  })

  test('on another column at another time is one change of both', () => {
    const drop = { from: 'mia', to: 'tom', minutes: -45 }
    expect(placeOfDrop({ ...nine, assigneeIds: ['mia'] }, drop, context)).toEqual({
      start: '2026-11-22T21:15:00Z',
      end: '2026-11-22T22:45:00Z',
      assigneeIds: ['tom'],
    })
  })

  test('in the same column says nothing of assignees', () => {
    const drop = { from: 'mia', to: 'mia', minutes: 15 }
    expect(placeOfDrop({ ...nine, assigneeIds: ['mia'] }, drop, context)).toEqual({
      start: '2026-11-22T22:15:00Z',
      end: '2026-11-22T23:45:00Z',
    })
  })

  test('on Unassigned removes that member only', () => {
    const drop = { from: 'mia', to: null, minutes: 0 }
    expect(placeOfDrop({ ...nine, assigneeIds: ['mia', 'tom'] }, drop, context)?.assigneeIds).toEqual(['tom'])
  })

  test('from Unassigned adds the member, in place of members who left', () => {
    expect(reassigned([], { from: null, to: 'mia' }, isActive)).toEqual(['mia'])
    expect(reassigned(['gone'], { from: null, to: 'mia' }, isActive)).toEqual(['mia'])
  })

  test('on a column where it is already leaves one assignee less', () => {
    expect(reassigned(['mia', 'tom'], { from: 'mia', to: 'tom' }, isActive)).toEqual(['tom'])
  })

  test('where it was is no change', () => {
    expect(placeOfDrop({ ...nine, assigneeIds: ['mia'] }, { from: 'mia', to: 'mia', minutes: 0 }, context)).toBeNull()
    expect(placeOfDrop({ ...nine, assigneeIds: ['gone'] }, { from: null, to: null, minutes: 0 }, context)).toBeNull()
  })

  test('where daylight saving begins keeps wall time and length', () => {
    // 1:30 am to 3:30 am by the clock, which is one hour.
    const night = { start: '2026-10-03T15:30:00Z', end: '2026-10-03T16:30:00Z', assigneeIds: [] }
    expect(placeOfDrop(night, { from: null, to: null, minutes: 8 * 60 }, context)).toEqual({
      start: '2026-10-03T22:30:00Z',
      end: '2026-10-03T23:30:00Z',
    })
  })
})

const people = ['mia', 'olive', 'ravi', 'tom']
const column = fc.constantFrom(null, ...people)
const dropped = fc.record({
  day: fc.integer({ min: 0, max: 366 }),
  quarter: fc.nat(95),
  length: fc.integer({ min: 1, max: 56 }),
  assigneeIds: fc.uniqueArray(fc.constantFrom(...people)),
  from: column,
  to: column,
  quarters: fc.integer({ min: -95, max: 95 }),
  zone: fc.constantFrom('Australia/Sydney', 'Europe/Lisbon', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'),
})
/** As it can be shown: in its assignee's column, or without assignees in Unassigned. */
const drops = dropped
  .filter(({ assigneeIds, from }) => (from === null ? assigneeIds.length === 0 : assigneeIds.includes(from)))
  .map(({ day, quarter, length, assigneeIds, from, to, quarters, zone }) => {
    const start = Date.UTC(2026, 0, 1 + day) + quarter * 15 * 60_000
    const times = { start: instantOf(start), end: instantOf(start + length * 15 * 60_000) }
    return {
      appointment: { ...times, assigneeIds: assigneeIds.sort() },
      drop: { from, to, minutes: quarters * 15 },
      context: { clock: zoneClock(zone), isActive: () => true },
    }
  })

test('a drop keeps the length, and all assignees but the one of the column it comes from', () => {
  fc.assert(
    fc.property(drops, ({ appointment, drop, context: given }) => {
      const place = { ...appointment, ...placeOfDrop(appointment, drop, given) }
      expect(epochMs(place.end) - epochMs(place.start)).toBe(epochMs(appointment.end) - epochMs(appointment.start))
      const others = appointment.assigneeIds.filter((id) => id !== drop.from)
      expect(place.assigneeIds).toEqual([...new Set(drop.to === null ? others : [...others, drop.to])].sort())
    }),
  )
})

test('a drop changes nothing, or the time, or the assignees, or both, and says which', () => {
  fc.assert(
    fc.property(drops, ({ appointment, drop, context: given }) => {
      const place = placeOfDrop(appointment, drop, given)
      if (drop.from === drop.to && drop.minutes === 0) expect(place).toBeNull()
      expect(place !== null && 'assigneeIds' in place).toBe(drop.from !== drop.to)
    }),
  )
})

test('dropped back, it is where it was', () => {
  fc.assert(
    fc.property(drops, ({ appointment, drop: { from, to, minutes } }) => {
      fc.pre(to === null || to === from || !appointment.assigneeIds.includes(to))
      // An appointment that others still have is not shown in Unassigned.
      fc.pre(to !== null || appointment.assigneeIds.length <= 1)
      const utc = { clock: zoneClock('UTC'), isActive: () => true }
      const there = { ...appointment, ...placeOfDrop(appointment, { from, to, minutes }, utc) }
      const back = { ...there, ...placeOfDrop(there, { from: to, to: from, minutes: -minutes }, utc) }
      expect(back).toEqual(appointment)
    }),
  )
})

test('resizing moves the end only, and never to the start', () => {
  expect(resizedBy(nine, 30, clock)).toEqual({ start: nine.start, end: '2026-11-23T00:00:00Z' })
  expect(resizedBy(nine, 0, clock)).toBeNull()
  expect(resizedBy(nine, -90, clock)).toBeNull()
})

test('a time that does not exist keeps its length', () => {
  expect(spanOn('2026-11-23', { from: 540, to: 600 }, clock)).toEqual({
    start: '2026-11-22T22:00:00Z',
    end: '2026-11-22T23:00:00Z',
  })
  expect(spanOn('2026-10-04', { from: 120, to: 180 }, clock)).toEqual({
    start: '2026-10-03T16:00:00Z',
    end: '2026-10-03T17:00:00Z',
  })
})
