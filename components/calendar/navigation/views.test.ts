import { describe, expect, test } from 'vitest'
import { stepped, titleOf, visibleRange } from './views.ts'

describe('the visible range', () => {
  test('weeks begin on Monday', () => {
    expect(visibleRange('week', '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-30' })
    expect(visibleRange('week', '2026-11-23')).toEqual({ from: '2026-11-23', to: '2026-11-30' })
  })

  test('a month covers whole weeks', () => {
    expect(visibleRange('month', '2026-11-15')).toEqual({ from: '2026-10-26', to: '2026-12-07' })
    expect(visibleRange('month', '2027-02-10')).toEqual({ from: '2027-02-01', to: '2027-03-01' })
  })

  test('a day, of one person or a team, is one date; a list two weeks', () => {
    for (const view of ['day', 'team'] as const)
      expect(visibleRange(view, '2026-12-31')).toEqual({ from: '2026-12-31', to: '2027-01-01' })
    expect(visibleRange('list', '2026-12-31')).toEqual({ from: '2026-12-31', to: '2027-01-14' })
  })
})

test('a step from the end of a month does not skip the next month', () => {
  expect(stepped('month', '2026-01-31', 1)).toBe('2026-02-01')
  expect(stepped('month', '2026-03-31', -1)).toBe('2026-02-01')
  expect(stepped('week', '2026-12-28', 1)).toBe('2027-01-04')
  expect(stepped('day', '2026-03-01', -1)).toBe('2026-02-28')
  expect(stepped('team', '2026-02-28', 1)).toBe('2026-03-01')
})

test('Next and Previous end with the calendar', () => {
  expect(stepped('list', '2200-12-20', 1)).toBe('2200-12-20')
  expect(stepped('month', '2200-12-20', 1)).toBe('2200-12-20')
  expect(stepped('week', '2000-01-05', -1)).toBe('2000-01-05')
})

test('the heading omits repeated months and years', () => {
  const title = (...of: Parameters<typeof titleOf>) => Object.values(titleOf(...of)).join(' ')
  expect(title('week', '2026-11-24')).toBe('23 – 29 Nov 2026')
  expect(title('week', '2026-12-02')).toBe('30 Nov – 6 Dec 2026')
  expect(title('week', '2026-12-30')).toBe('28 Dec 2026 – 3 Jan 2027')
  expect(title('month', '2026-11-24')).toBe('November 2026')
  expect(title('day', '2026-11-24')).toBe('Tue 24 Nov 2026')
  expect(title('team', '2026-11-24')).toBe('Tue 24 Nov 2026')
})

test('names of months and weekdays are those of British English', () => {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const),
    timeZone: 'UTC',
  })
  for (let month = 1; month <= 12; month++) {
    const date = `2026-${String(month).padStart(2, '0')}-${10 + month}`
    expect(Object.values(titleOf('day', date)).join(' ')).toBe(format.format(Date.parse(date)).replace(',', ''))
  }
})
