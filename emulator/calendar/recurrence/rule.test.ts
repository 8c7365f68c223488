import { expect, test } from 'vitest'
import { iterateRule, readRule } from './rule.ts'

function starts(value: string, { from = '2024-01-31', most = 4 } = {}): string[] {
  const first = Date.parse(`${from}T00:00:00Z`)
  const next = iterateRule(readRule(value, { first, untilWall: () => Date.UTC(2030, 0, 1) }), {
    first,
    allDay: true,
  })
  const found: string[] = []
  for (let wall = next(); wall !== undefined && found.length < most; wall = next()) {
    found.push(new Date(wall).toISOString().slice(0, 10))
  }
  return found
}

test.each([
  ['FREQ=MONTHLY', '2024-01-31', ['2024-01-31', '2024-03-31', '2024-05-31', '2024-07-31']],
  ['FREQ=MONTHLY;COUNT=2', '2024-01-31', ['2024-01-31', '2024-03-31']],
  ['FREQ=YEARLY', '2024-02-29', ['2024-02-29', '2028-02-29', '2032-02-29', '2036-02-29']],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', '2024-01-31', ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    '2024-01-01',
    ['2024-01-31', '2024-02-29', '2024-03-29', '2024-04-30'],
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU',
    '2026-03-16',
    ['2026-03-16', '2026-03-29', '2026-03-30', '2026-04-12'],
  ],
  ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', ['1997-05-19', '1998-05-18', '1999-05-17', '2000-05-15']],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2024-01-01', []],
  ['FREQ=YEARLY;BYMONTH=6;BYDAY=-1FR;UNTIL=20300101', '2028-01-01', ['2028-06-30', '2029-06-29']],
])('%s from %s', (value, from, expected) => {
  expect(starts(value, { from })).toEqual(expected)
})

test.each([
  'FREQ=DAILY;COUNT=0',
  'FREQ=DAILY;INTERVAL=0',
  'FREQ=DAILY;COUNT=2;UNTIL=20300101',
  'FREQ=NOW',
  'FREQ=DAILY;BYMONTH=13',
])('%s is refused', (value) => {
  expect(() => starts(value)).toThrow()
})
