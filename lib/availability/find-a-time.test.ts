import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { OpeningHours } from '#lib/business/schema.ts'
import { findATime, nearestTimes, nextTimes, type TimeSearch } from './find-a-time.ts'
import { type Blocker, overlaps } from './overlap.ts'

const zone = 'Australia/Sydney'
const weekdays: OpeningHours = Object.fromEntries(
  ['1', '2', '3', '4', '5'].map((day) => [
    day,
    [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ],
  ]),
)
const local = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString()
const wall = (instant: string) =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })

const blocker = (start: string, end: string, memberIds: string[] = []): Blocker => ({
  kind: 'google',
  id: start,
  title: 'Busy',
  start: local(start),
  end: local(end),
  memberIds,
})

const search = (given: Partial<TimeSearch> = {}): TimeSearch => ({
  minutes: 60,
  assigneeIds: ['mia'],
  within: { start: local('2026-11-23T00:00'), end: local('2026-11-30T00:00') },
  openingHours: weekdays,
  zone,
  blockers: [],
  ...given,
})

const starts = (given: Partial<TimeSearch>) => findATime(search(given)).map(({ start }) => wall(start))

describe('the next free times', () => {
  test('start when the first day opens', () => {
    expect(starts({})).toEqual(['2026-11-23T09:00', '2026-11-23T09:15', '2026-11-23T09:30'])
  })

  test('skip what blocks the assignees, and nothing else', () => {
    const blockers = [
      blocker('2026-11-23T09:00', '2026-11-23T11:30', ['mia']),
      blocker('2026-11-23T13:00', '2026-11-23T14:00', ['tom']),
    ]
    expect(starts({ blockers, limit: 1 })).toEqual(['2026-11-23T13:00'])
    expect(starts({ blockers, assigneeIds: ['mia', 'tom'], limit: 1 })).toEqual(['2026-11-23T14:00'])
    expect(starts({ blockers, assigneeIds: [], limit: 1 })).toEqual(['2026-11-23T09:00'])
  })

  test('keep the buffer free before and after', () => {
    const blockers = [blocker('2026-11-23T10:00', '2026-11-23T10:30')]
    expect(starts({ blockers, bufferMinutes: 15, limit: 1 })).toEqual(['2026-11-23T10:45'])
  })

  test('leave out closed days and times that end after closing', () => {
    const within = { start: local('2026-11-27T16:10'), end: local('2026-12-01T00:00') }
    expect(starts({ within, limit: 1 })).toEqual(['2026-11-30T09:00'])
  })

  test('keep the wall time when daylight saving begins', () => {
    const within = { start: local('2026-10-03T00:00'), end: local('2026-10-06T00:00') }
    const openingHours = { 7: [{ from: '01:30', to: '04:00' }] }
    expect(starts({ within, openingHours, limit: 10 })).toEqual([
      '2026-10-04T01:30',
      '2026-10-04T01:45',
      '2026-10-04T03:00',
    ])
  })

  test('extend to midnight', () => {
    const within = { start: local('2026-11-23T22:30'), end: local('2026-11-25T00:00') }
    expect(starts({ within, openingHours: { 1: [{ from: '20:00', to: '24:00' }] } })).toEqual([
      '2026-11-23T22:30',
      '2026-11-23T22:45',
      '2026-11-23T23:00',
    ])
  })
})

test('alternatives are the nearest, do not overlap, and are in order', () => {
  const start = local('2026-11-23T10:00')
  const blockers = [blocker('2026-11-23T10:00', '2026-11-23T11:00')]
  const near = nearestTimes({ ...search({ blockers }), start, count: 3 })
  expect(near.map((span) => wall(span.start))).toEqual(['2026-11-23T09:00', '2026-11-23T11:00', '2026-11-23T13:00'])
})

test('next times do not overlap each other, and follow the hours of exceptional dates', () => {
  const openingExceptions = [
    { date: '2026-11-23', hours: [] },
    { date: '2026-11-24', hours: [{ from: '10:00', to: '11:30' }] },
  ]
  const found = nextTimes({ ...search({ openingExceptions }), count: 3 })
  expect(found.map(({ start }) => wall(start))).toEqual(['2026-11-24T10:00', '2026-11-25T09:00', '2026-11-25T10:00'])
})

test('finds exactly the free times within opening hours, on the quarter hour', () => {
  const minutesOf = (text: string) => Temporal.Instant.from(text).epochMilliseconds / 60_000
  const someBlockers = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 180 })), { maxLength: 8 })
    .map((all) =>
      all.map(([from, length], i): Blocker => {
        const start = Temporal.Instant.from(local('2026-11-23T08:00')).add({ minutes: from })
        return {
          ...{ kind: 'google', id: `${i}`, title: '', memberIds: i % 2 ? ['mia'] : [] },
          start: start.toString(),
          end: start.add({ minutes: length }).toString(),
        }
      }),
    )
  fc.assert(
    fc.property(someBlockers, fc.integer({ min: 1, max: 12 }), (blockers, quarters) => {
      const minutes = quarters * 15
      const within = { start: local('2026-11-23T00:00'), end: local('2026-11-24T00:00') }
      const found = findATime(search({ blockers, minutes, within, limit: 500 }))
      const isFree = (start: Temporal.Instant) => {
        const span = { start: start.toString(), end: start.add({ minutes }).toString() }
        return !blockers.some((each) => overlaps(each, span))
      }
      const open = (['09:00', '13:00'] as const).flatMap((from, part) => {
        const first = Temporal.Instant.from(local(`2026-11-23T${from}`))
        const slots = Math.floor((part === 0 ? 180 : 240) / 15) - quarters + 1
        return Array.from({ length: Math.max(0, slots) }, (_, i) => first.add({ minutes: i * 15 }))
      })
      expect(found.map(({ start }) => start)).toEqual(open.filter(isFree).map(String))
      for (const { start, end } of found) expect(minutesOf(end) - minutesOf(start)).toBe(minutes)
    }),
  )
})
