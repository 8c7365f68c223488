import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { OpeningHours } from '#lib/business/schema.ts'
import { freeTimes, nearestTimes, type TimeSearch, windowsAhead, windowsAround } from './find-a-time.ts'
import type { Interval } from './intervals.ts'
import { hoursOn } from './opening.ts'
import { minuteMs } from './world.ts'

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
const local = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds
const wall = ({ from }: Interval) =>
  Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
const between = (start: string, end: string): Interval => ({ from: local(start), until: local(end) })

const search = (given: Partial<TimeSearch> = {}): TimeSearch => ({
  minutes: 60,
  within: between('2026-11-23T00:00', '2026-11-30T00:00'),
  opening: { openingHours: weekdays },
  zone,
  busy: [],
  count: 3,
  ...given,
})

const starts = (given: Partial<TimeSearch>) => [...freeTimes(search(given))].slice(0, given.count ?? 3).map(wall)

describe('free times', () => {
  test('start when the first day opens, on the quarter hour', () => {
    expect(starts({})).toEqual(['2026-11-23T09:00', '2026-11-23T09:15', '2026-11-23T09:30'])
  })

  test('keep the buffer free before and after what is busy', () => {
    const busy = [between('2026-11-23T10:00', '2026-11-23T10:30')]
    expect(starts({ busy, bufferMinutes: 15, count: 1 })).toEqual(['2026-11-23T10:45'])
  })

  test('leave out closed days and times that end after closing', () => {
    const within = between('2026-11-27T16:10', '2026-12-01T00:00')
    expect(starts({ within, count: 1 })).toEqual(['2026-11-30T09:00'])
  })

  test('keep the wall time when daylight saving begins', () => {
    const within = between('2026-10-03T00:00', '2026-10-06T00:00')
    const opening = { openingHours: { 7: [{ from: '01:30', to: '04:00' }] } }
    expect(starts({ within, opening, count: 10 })).toEqual(['2026-10-04T01:30', '2026-10-04T01:45', '2026-10-04T03:00'])
  })

  test('extend to midnight', () => {
    const within = between('2026-11-23T22:30', '2026-11-25T00:00')
    const opening = { openingHours: { 1: [{ from: '20:00', to: '24:00' }] } }
    expect(starts({ within, opening })).toEqual(['2026-11-23T22:30', '2026-11-23T22:45', '2026-11-23T23:00'])
  })

  test('extend over midnight where the next day opens at once', () => {
    const within = between('2026-11-23T23:30', '2026-11-25T00:00')
    const opening = { openingHours: { 1: [{ from: '20:00', to: '24:00' }], 2: [{ from: '00:00', to: '01:00' }] } }
    expect(starts({ within, opening })).toEqual(['2026-11-23T23:30', '2026-11-23T23:45', '2026-11-24T00:00'])
  })
})

test('alternatives are the nearest, do not overlap, and are in order', () => {
  const busy = [between('2026-11-23T10:00', '2026-11-23T11:00')]
  const near = nearestTimes({ ...search({ busy }), start: local('2026-11-23T10:00') })
  expect(near.map(wall)).toEqual(['2026-11-23T09:00', '2026-11-23T11:00', '2026-11-23T13:00'])
})

test('alternatives of a business that never closes are near, however wide the window is', () => {
  const always = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, [allDay]]))
  const within = between('2026-11-01T00:00', '2026-12-31T00:00')
  const busy = [between('2026-12-20T10:00', '2026-12-20T11:00')]
  const start = local('2026-12-20T10:00')
  const near = nearestTimes({ ...search({ within, busy, opening: { openingHours: always } }), start })
  expect(near.map(wall)).toEqual(['2026-12-20T08:00', '2026-12-20T09:00', '2026-12-20T11:00'])
})

/** The nearest to the beginning are the next. */
const nextTimes = (search: TimeSearch) => nearestTimes({ ...search, start: search.within.from })

const allDay = { from: '00:00', to: '24:00' }

test('next times do not overlap each other, and follow the hours of exceptional dates', () => {
  const openingExceptions = [
    { date: '2026-11-23', hours: [] },
    { date: '2026-11-24', hours: [{ from: '10:00', to: '11:30' }] },
  ]
  const found = nextTimes(search({ opening: { openingHours: weekdays, openingExceptions } }))
  expect(found.map(wall)).toEqual(['2026-11-24T10:00', '2026-11-25T09:00', '2026-11-25T10:00'])
})

describe('against an oracle that looks at every minute', () => {
  // Days on which the clocks change, and days on which they do not.
  const places = [
    { zone: 'Australia/Sydney', days: ['2026-10-03', '2027-04-03', '2026-11-23'] },
    { zone: 'America/New_York', days: ['2027-03-13', '2026-10-31'] },
    { zone: 'Asia/Kathmandu', days: ['2026-11-23'] },
    { zone: 'UTC', days: ['2026-12-31'] },
  ]
  const somewhere = fc.constantFrom(...places.flatMap(({ zone, days }) => days.map((day) => ({ zone, day }))))

  /** Not within the hours that a change of the clocks may skip or repeat. */
  const someTime = fc.integer({ min: 0, max: 24 * 60 }).filter((minute) => minute < 60 || minute >= 180)
  const text = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const someHours = fc
    .uniqueArray(someTime, { maxLength: 6 })
    .map((times) => times.sort((a, b) => a - b))
    .map((times) => Array.from({ length: times.length >> 1 }, (_, i) => times.slice(2 * i, 2 * i + 2).map(text)))
    .map((pairs) => pairs.map(([from = '', to = '']) => ({ from, to })))
  const hoursOfDay = fc.oneof(
    someHours,
    someHours.map(() => [allDay]),
  )
  const someOpening = fc.record({
    openingHours: fc.record({
      ...{ 1: hoursOfDay, 2: hoursOfDay, 3: hoursOfDay, 4: hoursOfDay },
      ...{ 5: hoursOfDay, 6: hoursOfDay, 7: hoursOfDay },
    }),
    exceptional: fc.option(hoursOfDay),
  })
  const someInterval = (most: number) =>
    fc.tuple(fc.integer({ min: -600, max: 60 * 72 }), fc.integer({ min: 1, max: most }))

  const someSearch = fc
    .record({
      place: somewhere,
      opening: someOpening,
      window: fc.tuple(fc.integer({ min: 0, max: 60 * 24 }), fc.integer({ min: 0, max: 60 * 48 })),
      busy: fc.array(someInterval(240), { maxLength: 12 }),
      minutes: fc.integer({ min: 1, max: 400 }),
      bufferMinutes: fc.constantFrom(0, 0, 15, 60),
      count: fc.integer({ min: 0, max: 6 }),
      start: fc.integer({ min: -600, max: 60 * 80 }),
    })
    .map(({ place: { zone, day }, opening: { openingHours, exceptional }, window, busy, start, ...rest }) => {
      const date = Temporal.PlainDate.from(day)
      const first = date.toZonedDateTime(zone).epochMilliseconds
      const interval = ([from, length]: [number, number]) => ({
        from: first + from * minuteMs,
        until: first + (from + length) * minuteMs,
      })
      const openingExceptions = exceptional ? [{ date: String(date.add({ days: 1 })), hours: exceptional }] : []
      return {
        ...{ ...rest, zone, opening: { openingHours, openingExceptions } },
        ...{ within: interval(window), busy: busy.map(interval), start: first + start * minuteMs },
      }
    })

  const wallClocks = new Map<string, { date: Temporal.PlainDate; time: string }>()
  const wallClock = (ms: number, zone: string) => {
    const key = `${ms} ${zone}`
    const known = wallClocks.get(key)
    if (known) return known
    const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
    const found = { date: at.toPlainDate(), time: at.toPlainTime().toString({ smallestUnit: 'minute' }) }
    wallClocks.set(key, found)
    return found
  }

  const oracle = ({ minutes, within, opening, zone, busy, bufferMinutes = 0 }: Omit<TimeSearch, 'count'>) => {
    const isOpen = (ms: number) => {
      const { date, time } = wallClock(ms, zone)
      return hoursOn(date, opening).some(({ from, to }) => from <= time && time < to)
    }
    const isTaken = (ms: number) =>
      busy.some(({ from, until }) => from - bufferMinutes * minuteMs <= ms && ms < until + bufferMinutes * minuteMs)
    const [first, last] = [within.from / minuteMs, within.until / minuteMs]
    const free = new Set<number>()
    for (let minute = first; minute < last; minute++)
      if (isOpen(minute * minuteMs) && !isTaken(minute * minuteMs)) free.add(minute)
    const found: Interval[] = []
    for (let start = Math.ceil(first / 15) * 15; start + minutes <= last; start += 15)
      if (Array.from({ length: minutes }, (_, i) => start + i).every((minute) => free.has(minute)))
        found.push({ from: start * minuteMs, until: (start + minutes) * minuteMs })
    return found
  }

  /** Of the free times that overlap none chosen before, again and again the best. */
  const chosenBy = (free: Interval[], count: number, better: (a: Interval, b: Interval) => number) => {
    const chosen: Interval[] = []
    for (let left = free; left.length > 0 && chosen.length < count; ) {
      const [best] = [...left].sort(better)
      if (!best) break
      chosen.push(best)
      left = left.filter(({ from, until }) => until <= best.from || from >= best.until)
    }
    return chosen.sort((a, b) => a.from - b.from)
  }

  test('every free time is found, and no other', () => {
    fc.assert(
      fc.property(someSearch, (given) => {
        expect([...freeTimes(given)]).toEqual(oracle(given))
      }),
    )
  })

  test('the next times are the earliest that do not overlap', () => {
    fc.assert(
      fc.property(someSearch, (given) => {
        const earlier = (a: Interval, b: Interval) => a.from - b.from
        expect(nextTimes(given)).toEqual(chosenBy(oracle(given), given.count, earlier))
      }),
    )
  })

  test('the nearest times are the closest that do not overlap', () => {
    fc.assert(
      fc.property(someSearch, (given) => {
        const distance = ({ from }: Interval) => Math.abs(from - given.start)
        const closer = (a: Interval, b: Interval) => distance(a) - distance(b) || a.from - b.from
        expect(nearestTimes(given)).toEqual(chosenBy(oracle(given), given.count, closer))
      }),
    )
  })
})

describe('a window that grows', () => {
  const dayMs = 24 * 60 * minuteMs
  const from = local('2026-11-23T00:00')
  const lengths = (windows: Interval[]) => windows.map((each) => (each.until - each.from) / dayMs)

  test('ends where the search ends', () => {
    const minutes = 24 * 60
    const last = 1 / dayMs
    expect(lengths(windowsAhead({ from, days: 42, minutes }))).toEqual([2, 12, 27 + last])
    expect(lengths(windowsAhead({ from, days: 7, minutes }))).toEqual([2, 4 + last])
    expect(lengths(windowsAhead({ from, days: 2, minutes }))).toEqual([1 + last])
    expect(lengths(windowsAhead({ from, days: 1, minutes }))).toEqual([last])
    expect(lengths(windowsAhead({ from, days: 1, minutes: minutes + 15 }))).toEqual([])
  })

  /** Most days of six weeks are full, so that each window decides now and then. */
  const someBusy = fc.array(
    fc.record({ day: fc.integer({ min: 0, max: 50 }), hour: fc.integer({ min: 0, max: 23 }), days: fc.nat(12) }),
    { maxLength: 12 },
  )
  const toIntervals = (busy: { day: number; hour: number; days: number }[]) =>
    busy.map(({ day, hour, days }) => {
      const start = from + day * dayMs + hour * 60 * minuteMs
      return { from: start, until: start + days * dayMs + 60 * minuteMs }
    })
  const someMinutes = fc.integer({ min: 1, max: 16 }).map((quarters) => quarters * 15)
  /** As a search in the database: only what touches the window is known. */
  const knownWithin = (busy: Interval[], { from, until }: Interval) =>
    busy.filter((each) => each.from < until && from < each.until)

  test('finds the same, window after window, as one search', () => {
    const opening = { openingHours: weekdays }
    fc.assert(
      fc.property(someBusy, someMinutes, fc.integer({ min: 1, max: 42 }), (some, minutes, days) => {
        const busy = toIntervals(some)
        const found = windowsAhead({ from, days, minutes }).flatMap((starts) => {
          const within = { from: starts.from, until: starts.until - 1 + minutes * minuteMs }
          return [...freeTimes({ minutes, within, opening, zone, busy: knownWithin(busy, within) })]
        })
        const within = { from, until: from + days * dayMs }
        expect(found).toEqual([...freeTimes({ minutes, within, opening, zone, busy })])
      }),
    )
  })

  test('finds the same nearest times as the widest window at once', () => {
    const opening = { openingHours: weekdays }
    const someStart = fc.integer({ min: -40, max: 44 * 24 }).map((hours) => from + hours * 60 * minuteMs)
    fc.assert(
      fc.property(someBusy, someMinutes, someStart, (some, minutes, start) => {
        const busy = toIntervals(some)
        const found = windowsAround({ start, now: from, minutes }).map((within) =>
          nearestTimes({ minutes, within, opening, zone, busy: knownWithin(busy, within), start, count: 3 }),
        )
        expect(found.find(({ length }) => length >= 3) ?? found.at(-1)).toEqual(found.at(-1))
        for (const each of found.flat()) expect(each.from).toBeGreaterThanOrEqual(from)
      }),
    )
  })
})
