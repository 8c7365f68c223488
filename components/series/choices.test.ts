import { expect, test } from 'vitest'
import type { Clash } from '#lib/availability/clash.ts'
import type { Choices, PreviewDate } from '#lib/series/schema.ts'
import { countsOf, kindOf, sentChoices, toChoice } from './choices.ts'
import { datesInWords, stateInWords, visitsInWords } from './date-words.ts'

const zone = 'Australia/Sydney'
const nearest = { start: '2026-12-15T00:00:00Z', end: '2026-12-15T01:00:00Z' }

const date = (day: number, given: Partial<PreviewDate> = {}): PreviewDate => ({
  originalStart: `2026-12-${String(day).padStart(2, '0')}T09:00`,
  start: new Date(Date.UTC(2026, 11, day - 1, 22)).toISOString().replace('.000', ''),
  end: new Date(Date.UTC(2026, 11, day - 1, 23)).toISOString().replace('.000', ''),
  ...{ state: 'free', clashes: [], clashCount: 0, nearest: null },
  ...given,
})

const dates = [
  date(1),
  date(8, { state: 'closed' }),
  date(15, { state: 'clash', nearest }),
  date(22, { state: 'google-unknown' }),
]
const [, closed = date(8), taken = date(15)] = dates

test('only dates that are not free need a choice, and a skipped one is not booked', () => {
  expect(countsOf(dates, {})).toEqual({ booked: 4, open: 2 })
  const choices: Choices = { [closed.originalStart]: 'skip', [taken.originalStart]: nearest }
  expect(countsOf(dates, choices)).toEqual({ booked: 3, open: 0 })
  expect(sentChoices(dates, choices)).toEqual(choices)
})

test('choices of dates that have become free are not sent', () => {
  expect(sentChoices([date(8)], { [closed.originalStart]: 'skip' })).toEqual({})
})

test('a nearest time that is another by now counts as no choice', () => {
  const later = { start: '2026-12-15T03:00:00Z', end: '2026-12-15T04:00:00Z' }
  expect(kindOf(later, taken)).toBe('')
  expect(sentChoices(dates, { [taken.originalStart]: later })).toEqual({})
  expect(toChoice('nearest', taken)).toEqual(nearest)
  expect(toChoice('nearest', closed)).toBe(null)
})

test('the dates are in words, with their end', () => {
  const many = [1, 2, 3, 4, 5, 6].map((day) => date(day))
  expect(datesInWords({ dates: many, endsAt: '2027-11-03' }, zone)).toBe(
    'Tue 1 Dec, Wed 2 Dec, Thu 3 Dec, Fri 4 Dec, Sat 5 Dec … until 3 Nov 2027',
  )
  expect(datesInWords({ dates: many, endsAt: null }, zone)).toMatch(/Sat 5 Dec … and so on$/)
  expect(datesInWords({ dates: [date(1), date(8)], endsAt: '2026-12-08' }, zone)).toBe('Tue 1 Dec, Tue 8 Dec 2026')
})

test('the count says how far a series without an end is booked', () => {
  expect(visitsInWords({ dates: [date(1), date(8)], endsAt: '2026-12-08' }, zone)).toBe('2 visits.')
  expect(visitsInWords({ dates: [date(1), date(8)], endsAt: null }, zone)).toBe(
    '2 visits until 8 Dec 2026. Later ones are booked as time goes on.',
  )
})

test('a missing gap is named with what it is missing to', () => {
  const clash: Clash = { kind: 'appointment', id: 'a', title: 'Tap', ...nearest, memberIds: [] }
  const clashing: Partial<PreviewDate> = { state: 'clash', clashes: [clash], clashCount: 1 }
  expect(stateInWords(date(1, clashing))).toBe('Clashes with “Tap”')
  expect(stateInWords(date(1, { ...clashing, gapMinutes: 15 }))).toBe('15 minutes too close to “Tap”')
})
