import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { newTimes } from './new-times.ts'

const given = {
  zone: 'Australia/Sydney',
  openingHours: { 1: [{ from: '07:00', to: '16:00' }], 2: [{ from: '07:00', to: '16:00' }] },
  minutes: 90,
}
const now = Temporal.Instant.from('2026-11-22T23:10:00Z')

test('today starts at the next half hour, other days when they open', () => {
  expect(newTimes('2026-11-23', now, given)).toEqual({
    start: '2026-11-22T23:30:00Z',
    end: '2026-11-23T01:00:00Z',
  })
  expect(newTimes('2026-11-24', now, given)).toEqual({
    start: '2026-11-23T20:00:00Z',
    end: '2026-11-23T21:30:00Z',
  })
})

test('before opening hours, today starts when it opens; a closed day at nine', () => {
  const early = Temporal.Instant.from('2026-11-22T18:00:00Z')
  expect(newTimes('2026-11-23', early, given).start).toBe('2026-11-22T20:00:00Z')
  expect(newTimes('2026-11-29', now, given).start).toBe('2026-11-28T22:00:00Z')
})
