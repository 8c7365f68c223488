import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { appointment } from '#testing/appointment-row.ts'
import { dayBounds, firstUncovered, type PlacedEvent, placeAcross, placeEvents } from './column-layout.ts'

const zone = 'Australia/Sydney'
const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString()
const bounds = (date: string) => dayBounds(Temporal.PlainDate.from(date), zone)

const placed = (date: string, spans: [from: string, to: string][]) =>
  placeEvents(
    spans.map(([from, to], n) => ({
      kind: 'appointment' as const,
      appointment: appointment({ id: `${n}`, start: at(from), end: at(to) }),
    })),
    bounds(date),
    zone,
  ).map(({ id, from, to, place, places, isStart, isEnd }) => [id, from, to, place, places, isStart, isEnd])

const monday = '2026-11-23'
const on = (time: string) => `${monday}T${time}`

test('events are placed in order of time, and overlapping ones side by side', () => {
  expect(
    placed(monday, [
      [on('10:00'), on('11:00')],
      [on('09:00'), on('10:30')],
      [on('12:00'), on('13:00')],
    ]),
  ).toEqual([
    ['1', 540, 630, 0, 2, true, true],
    ['0', 600, 660, 1, 2, true, true],
    ['2', 720, 780, 0, 1, true, true],
  ])
})

test('short events one after another do not cover each other', () => {
  const places = placed(monday, [
    [on('09:00'), on('09:15')],
    [on('09:15'), on('09:30')],
  ]).map((each) => each[3])
  expect(places).toEqual([0, 1])
})

test('an event over midnight shows its part of the day; those of other days are left out', () => {
  expect(
    placed(monday, [
      ['2026-11-22T22:00', on('01:00')],
      ['2026-11-22T09:00', '2026-11-22T10:00'],
    ]),
  ).toEqual([['0', 0, 60, 0, 1, false, true]])
})

test('where daylight saving begins and ends, events are at their wall time', () => {
  expect(placed('2026-10-04', [['2026-10-04T09:00', '2026-10-04T10:00']])[0]?.slice(1, 3)).toEqual([540, 600])
  expect(placed('2026-04-05', [['2026-04-05T09:00', '2026-04-05T10:00']])[0]?.slice(1, 3)).toEqual([540, 600])
})

test('many events at once keep a width that can be clicked', () => {
  expect(placeAcross({ place: 0, places: 1 })).toEqual({ width: 'max(100%, min(100%, 42px))', left: '0' })
  expect(placeAcross({ place: 3, places: 4 }).left).toBe('calc((100% - max(25%, min(100%, 42px))) * 1)')
})

const event = (from: number, to: number): PlacedEvent => ({
  ...{ id: 'a', event: { kind: 'appointment', appointment: appointment() }, isStart: true, isEnd: true },
  ...{ from, to, place: 0, places: 1 },
})

test('the words of time off are below the events that cover its start', () => {
  const off = { from: 420, to: 720 }
  expect(firstUncovered(off, [])).toBe(420)
  expect(firstUncovered(off, [event(450, 480), event(400, 435)])).toBe(480)
  expect(firstUncovered(off, [event(600, 660)])).toBe(420)
  expect(firstUncovered(off, [event(400, 715)])).toBe(420)
})

test('they are within the time off', () => {
  const minutes = fc
    .tuple(fc.nat(1400), fc.integer({ min: 1, max: 600 }))
    .map(([from, length]) => event(from, from + length))
  fc.assert(
    fc.property(minutes, fc.array(minutes), (off, events) => {
      const at = firstUncovered(off, events)
      expect(at).toBeGreaterThanOrEqual(off.from)
      expect(at).toBeLessThan(off.to)
    }),
  )
})
