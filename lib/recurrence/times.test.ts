import { describe, expect, test } from 'vitest'
import { originalStartOf } from './instance-id.ts'
import {
  earliest,
  latest,
  overlaps,
  readEventTimes,
  readInstant,
  readZone,
  sameTimes,
  spanOf,
  zoneOrUtc,
} from './times.ts'

const berlin = 'Europe/Berlin'
const timed = (start: string, end: string) => ({ allDay: false, start, end, startZone: null, endZone: null }) as const

describe('readEventTimes', () => {
  test('a timed event becomes instants and keeps the zones of both ends', () => {
    const start = { dateTime: '2024-05-13T09:00:00+02:00', timeZone: berlin }
    const end = { dateTime: '2024-05-13T05:30:00-04:00', timeZone: 'America/New_York' }
    expect(readEventTimes(start, end, 'UTC')).toEqual({
      ok: true,
      times: {
        allDay: false,
        start: '2024-05-13T07:00:00Z',
        end: '2024-05-13T09:30:00Z',
        startZone: berlin,
        endZone: 'America/New_York',
      },
    })
  })

  test.each([
    ['no zone', undefined, null],
    ['an unknown zone', 'Mars/Olympus', null],
    ['a fixed offset in whole hours', 'GMT-07:00', '-07:00'],
    ['a fixed offset in half hours', 'GMT+05:30', '+05:30'],
  ])('with %s the instant decides', (_, timeZone, startZone) => {
    const at = (hour: string) => ({ dateTime: `2024-05-13T${hour}:00:00-07:00`, timeZone })
    expect(readEventTimes(at('09'), at('10'), berlin)).toEqual({
      ok: true,
      times: { ...timed('2024-05-13T16:00:00Z', '2024-05-13T17:00:00Z'), startZone, endZone: startZone },
    })
  })

  test('without an offset the event’s zone places it, or else the calendar’s', () => {
    const read = readEventTimes(
      { dateTime: '2024-05-13T09:00:00', timeZone: 'America/New_York' },
      { dateTime: '2024-05-13T20:00:00' },
      berlin,
    )
    expect(read).toMatchObject({ times: { start: '2024-05-13T13:00:00Z', end: '2024-05-13T18:00:00Z' } })
  })

  test.each([2023, 2024, 2100])('every day of %i is the day it says, and no other is one', (year) => {
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-')
        const exists = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date)
        const read = readInstant({ dateTime: `${date}T22:00:00-02:00` }, 'UTC')
        const midnight = new Date(Date.UTC(year, month - 1, day + 1)).toISOString().replace('.000', '')
        expect(read, date).toBe(exists ? midnight : null)
      }
  })

  test('a fraction of a second is kept where there is one', () => {
    const read = readEventTimes(
      { dateTime: '2024-05-13T09:00:00.000Z' },
      { dateTime: '2024-05-13T09:00:00.5Z' },
      berlin,
    )
    expect(read).toMatchObject({ times: { start: '2024-05-13T09:00:00Z', end: '2024-05-13T09:00:00.5Z' } })
  })

  test('an end in the year 10000, as zones ahead of UTC have it, is the last that can be stored', () => {
    const start = { dateTime: '2024-05-13T09:00:00Z' }
    const read = readEventTimes(start, { dateTime: '10000-01-01T15:59:59+11:00' }, berlin)
    expect(read).toEqual({ ok: true, times: timed('2024-05-13T09:00:00Z', '9999-12-31T23:59:59Z') })
    const days = readEventTimes({ date: '9999-12-01' }, { date: '10000-01-01' }, berlin)
    expect(days).toEqual({ ok: true, times: { allDay: true, start: '9999-12-01', end: '9999-12-29' } })
  })

  test('all-day: dates, and an end on its own start means that day', () => {
    const day = { date: '2024-02-28', timeZone: berlin }
    expect(readEventTimes(day, { date: '2024-03-01' }, 'UTC')).toEqual({
      ok: true,
      times: { allDay: true, start: '2024-02-28', end: '2024-03-01' },
    })
    expect(readEventTimes(day, day, 'UTC')).toMatchObject({ times: { end: '2024-02-29' } })
  })

  test.each([
    ['missing', { dateTime: '2024-05-13T09:00:00Z' }, undefined],
    ['missing', {}, { date: '2024-05-13' }],
    ['mixed', { date: '2024-05-13' }, { dateTime: '2024-05-13T09:00:00Z' }],
    ['mixed', { date: '2024-05-13', dateTime: '2024-05-13T09:00:00Z' }, { date: '2024-05-14' }],
    ['unreadable', { date: '2024-02-30' }, { date: '2024-03-01' }],
    ['unreadable', { dateTime: 'tomorrow' }, { dateTime: '2024-05-13T09:00:00Z' }],
    ['ends-before-start', { dateTime: '2024-05-13T09:00:00Z' }, { dateTime: '2024-05-13T08:00:00Z' }],
    ['ends-before-start', { date: '2024-05-13' }, { date: '2024-05-12' }],
  ])('%s is a refusal, not a throw: %j', (reason, start, end) => {
    expect(readEventTimes(start, end, berlin)).toEqual({ ok: false, reason })
  })
})

describe('readZone', () => {
  test.each([
    ['GMT+02:00', '+02:00'],
    ['GMT-07:00', '-07:00'],
    ['GMT+05:30', '+05:30'],
    ['GMT+0530', '+05:30'],
    ['UTC+9', '+09:00'],
    ['UTC-03', '-03:00'],
    ['+05:30', '+05:30'],
    ['-12:00', '-12:00'],
    ['UTC', 'UTC'],
    ['GMT', 'GMT'],
    ['GMT+00:00', 'UTC'],
    ['-00:00', 'UTC'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Etc/GMT+7', 'Etc/GMT+7'],
    ['GMT+25:00', null],
    ['GMT+05:75', null],
    ['Mars/Olympus', null],
    ['W. Europe Standard Time', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ])('%s is %s', (zone, read) => {
    expect(readZone(zone)).toBe(read)
    if (read) expect(new Intl.DateTimeFormat('en', { timeZone: read }).format(0)).toBeTruthy()
  })

  test('a stored zone that this runtime does not know counts as UTC', () => {
    expect(zoneOrUtc('Mars/Olympus')).toBe('UTC')
    expect(zoneOrUtc('GMT-07:00')).toBe('-07:00')
    const noon = { dateTime: '2024-05-13T12:00:00' }
    expect(readInstant(noon, 'Mars/Olympus')).toBe('2024-05-13T12:00:00Z')
    expect(spanOf({ allDay: true, start: '2024-05-13', end: '2024-05-14' }, 'Mars/Olympus')).toEqual({
      start: '2024-05-13T00:00:00Z',
      end: '2024-05-14T00:00:00Z',
    })
  })
})

describe('the edges of what can be stored', () => {
  const start = { dateTime: '2027-03-01T09:00:00Z' }

  test.each(['9999-12-31T23:59:59-05:00', '9999-12-31T23:59:59.5Z', '+275760-01-01T00:00:00Z'])(
    'an end at %s is the last storable one',
    (dateTime) => {
      expect(readEventTimes(start, { dateTime }, berlin)).toMatchObject({
        ok: true,
        times: { start: '2027-03-01T09:00:00Z', end: '9999-12-31T23:59:59Z' },
      })
    },
  )

  test.each([
    ['9999-12-31T23:59:59Z', true],
    ['9999-12-31T23:59:59-05:00', false],
    ['0001-01-01T00:00:00Z', true],
    ['0001-01-01T00:00:00+05:00', false],
    ['0000-06-01T00:00:00Z', false],
  ])('a moment at %s: %s', (dateTime, ok) => {
    const read = readEventTimes({ dateTime }, { dateTime }, berlin)
    expect(read).toMatchObject(ok ? { ok, times: { start: dateTime, end: dateTime } } : { reason: 'out-of-range' })
  })

  test.each([
    ['2027-03-01', '9999-12-31', { ok: true, times: { end: '9999-12-29' } }],
    ['9999-12-31', '9999-12-31', { reason: 'out-of-range' }],
    ['0001-01-01', '2027-03-01', { reason: 'out-of-range' }],
  ])('all-day from %s to %s', (from, to, expected) => {
    expect(readEventTimes({ date: from }, { date: to }, berlin)).toMatchObject(expected)
  })

  test.each(['+14:00', '-12:00', 'Asia/Kathmandu'])('midnights of the first and last day in %s', (zone) => {
    const { start: from, end } = spanOf({ allDay: true, start: '0001-01-03', end: '9999-12-29' }, zone)
    expect([from.length, end.length]).toEqual([20, 20])
    expect(Date.parse(from)).toBeGreaterThan(earliest)
    expect(Date.parse(end)).toBeLessThan(latest)
  })

  test('an original start beyond them is none', () => {
    expect(originalStartOf({ dateTime: '9999-12-31T23:59:59-05:00' }, berlin)).toBeNull()
    expect(originalStartOf({ dateTime: '9999-12-31T23:59:59Z' }, berlin)).toBe('99991231T235959Z')
  })
})

describe('sameTimes', () => {
  const one = timed('2024-05-13T07:00:00Z', '2024-05-13T08:00:00Z')

  test('compares instants, not zones or spellings', () => {
    const written = { ...one, start: '2024-05-13T07:00:00.000Z', startZone: berlin }
    expect(sameTimes(one, written)).toBe(true)
    expect(sameTimes(one, { ...one, end: '2024-05-13T08:00:01Z' })).toBe(false)
  })

  test('all-day is never the same as timed', () => {
    const day = { allDay: true, start: '2024-05-13', end: '2024-05-14' } as const
    const midnights = timed('2024-05-13T00:00:00Z', '2024-05-14T00:00:00Z')
    expect(sameTimes(day, midnights)).toBe(false)
    expect(sameTimes(day, { ...day })).toBe(true)
    expect(sameTimes(day, { ...day, end: '2024-05-15' })).toBe(false)
  })
})

describe('spanOf', () => {
  test.each([
    ['2024-03-31', '2024-04-01', berlin, '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z'],
    ['2024-10-27', '2024-10-28', berlin, '2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z'],
    ['2018-11-04', '2018-11-05', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
  ])('%s to %s in %s runs from the first instant of one to that of the other', (start, end, zone, from, to) => {
    expect(spanOf({ allDay: true, start, end }, zone)).toEqual({ start: from, end: to })
  })
})

test('overlaps is half-open', () => {
  const span = (from: number, to: number) => ({
    start: `2024-05-13T0${from}:00:00Z`,
    end: `2024-05-13T0${to}:00:00Z`,
  })
  expect(overlaps(span(1, 2), span(2, 3))).toBe(false)
  expect(overlaps(span(2, 3), span(1, 2))).toBe(false)
  expect(overlaps(span(1, 3), span(2, 4))).toBe(true)
  expect(overlaps({ start: '2024-05-13T01:00:00Z', end: '2024-05-13T02:00:00.5Z' }, span(2, 3))).toBe(true)
})
