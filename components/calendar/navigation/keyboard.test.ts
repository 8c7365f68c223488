import { expect, test } from 'vitest'
import { appointment as row } from '#testing/appointment-row.ts'
import { movedByKey } from './keyboard.ts'

const zone = 'Australia/Sydney'
const appointment = (start: string, end: string) => row({ start, end })
const nine = appointment('2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z')
const keys = (key: string, shiftKey = false) => ({ key, shiftKey, altKey: true })

test('up and down move by 15 minutes; with Shift, only the end', () => {
  expect(movedByKey(nine, keys('ArrowDown'), zone)).toEqual({
    start: '2026-11-22T22:15:00Z',
    end: '2026-11-22T23:15:00Z',
  })
  expect(movedByKey(nine, keys('ArrowUp', true), zone)).toEqual({
    start: nine.start,
    end: '2026-11-22T22:45:00Z',
  })
})

test('left and right move by a day and keep the wall time when daylight saving begins', () => {
  const saturday = appointment('2026-10-02T23:00:00Z', '2026-10-03T00:00:00Z')
  expect(movedByKey(saturday, keys('ArrowRight'), zone)).toEqual({
    start: '2026-10-03T22:00:00Z',
    end: '2026-10-03T23:00:00Z',
  })
})

test('other keys do not move it, and the end stays after the start', () => {
  expect(movedByKey(nine, { ...keys('ArrowDown'), altKey: false }, zone)).toBeNull()
  expect(movedByKey(nine, keys('ArrowRight', true), zone)).toBeNull()
  expect(movedByKey(nine, keys('Enter'), zone)).toBeNull()
  const quarter = appointment('2026-11-22T22:00:00Z', '2026-11-22T22:15:00Z')
  expect(movedByKey(quarter, keys('ArrowUp', true), zone)).toBeNull()
})
