import { expect, test } from 'vitest'
import { toTimeOff } from '#lib/availability/wall.ts'
import { type DaySchedule, workingTimeOn } from './working-time.ts'

const weekday = [{ from: '07:00', to: '16:00' }]
const business: DaySchedule = {
  zone: 'Australia/Sydney',
  week: { 1: weekday, 2: weekday, 7: [] },
  exceptions: [{ date: '2026-12-28', hours: [], note: 'Boxing Day', holiday: true }],
  members: [],
}
const off = (startsAt: string, endsAt: string, repeats: 'never' | 'weekly' = 'never') => ({
  ...toTimeOff({ id: 'off', startsAt, endsAt, repeats, lastDate: null }),
  reason: 'Course',
})

const on = (date: string, members: DaySchedule['members']) => workingTimeOn(date, { ...business, members })

test('a member works the opening hours, or their own within them, without time off', () => {
  const course = off('2026-11-17T14:00', '2026-11-17T15:00', 'weekly')
  expect(
    on('2026-11-24', [
      { id: 'mia', hours: null, timeOff: [] },
      { id: 'tom', hours: { 2: [{ from: '06:00', to: '15:30' }] }, timeOff: [course] },
    ]),
  ).toEqual({
    note: '',
    members: [
      { memberId: 'mia', working: [{ start: '2026-11-23T20:00:00Z', end: '2026-11-24T05:00:00Z' }], timeOff: [] },
      {
        memberId: 'tom',
        working: [
          { start: '2026-11-23T20:00:00Z', end: '2026-11-24T03:00:00Z' },
          { start: '2026-11-24T04:00:00Z', end: '2026-11-24T04:30:00Z' },
        ],
        timeOff: [{ id: 'off', reason: 'Course', start: '2026-11-24T03:00:00Z', end: '2026-11-24T04:00:00Z' }],
      },
    ],
  })
})

test('time off over several days is shown as far as it is on the day', () => {
  const [member] = on('2026-11-24', [
    { id: 'mia', hours: null, timeOff: [off('2026-11-20T00:00', '2026-12-01T00:00')] },
  ]).members
  expect(member).toMatchObject({
    working: [],
    timeOff: [{ start: '2026-11-23T13:00:00Z', end: '2026-11-24T13:00:00Z' }],
  })
})

test('a holiday has its name, and no one works', () => {
  expect(on('2026-12-28', [{ id: 'mia', hours: null, timeOff: [] }])).toEqual({
    note: 'Boxing Day',
    members: [{ memberId: 'mia', working: [], timeOff: [] }],
  })
})

test('a date that the zone skipped has no time', () => {
  const apia = { ...business, zone: 'Pacific/Apia', members: [{ id: 'mia', hours: null, timeOff: [] }] }
  expect(workingTimeOn('2011-12-30', apia).members).toEqual([{ memberId: 'mia', working: [], timeOff: [] }])
})
