import { expect, test } from 'vitest'
import { sayTimes } from './when.ts'

const [thursday, friday] = ['2026-11-26', '2026-11-27']

test.each([
  [[], ''],
  [[{ date: thursday, clock: '2 pm' }], 'Thursday the 26th of November at 2 pm'],
  [
    [
      { date: thursday, clock: '2 pm' },
      { date: thursday, clock: '3:15 pm' },
      { date: friday, clock: '9 am' },
    ],
    'Thursday the 26th of November at 2 pm or 3:15 pm, or Friday the 27th of November at 9 am',
  ],
])('a day is named once: %#', (times, said) => expect(sayTimes(times)).toBe(said))
