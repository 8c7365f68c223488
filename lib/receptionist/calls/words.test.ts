import { expect, test } from 'vitest'
import { askedInWords, codeInWords, isChange, verbInWords } from './words.ts'

const zone = 'Australia/Sydney'

test('what was asked is shown in the words of people, in one order, without ids', () => {
  const asked = {
    callId: 'call_8f3a',
    hold: '00000000-0000-0000-0000-000000000000',
    customer: { phone: '0412 345 678', name: 'Alex Taylor' },
    start: '2026-11-26T14:00:00+11:00',
    duration: 90,
    service: 'Blocked drain',
    proof: ['surname'],
  }
  expect(askedInWords(asked, zone)).toEqual([
    { label: 'Service', value: 'Blocked drain' },
    { label: 'Length', value: '1 h 30 min' },
    { label: 'Start', value: 'Thu 26 Nov 2026, 2:00 pm' },
    { label: 'Caller', value: 'Alex Taylor' },
    { label: 'Phone', value: '0412 345 678' },
    { label: 'Proved by', value: 'surname' },
  ])
})

test('values that are no dates stay as they were asked', () => {
  expect(
    askedInWords({ date: '2026-02-31', from: '2026-99-99', to: '2026-11-26', start: '2026-02-31T10:00:00Z' }, zone),
  ).toEqual([
    { label: 'Date', value: '2026-02-31' },
    { label: 'Start', value: '2026-02-31T10:00:00Z' },
    { label: 'From', value: '2026-99-99' },
    { label: 'Until', value: 'Thu 26 Nov 2026' },
  ])
})

test('a refused verb was only tried; an unknown one is named as it is', () => {
  expect(verbInWords('book_appointment', 'ok')).toBe('Booked')
  expect(verbInWords('book_appointment', 'taken')).toBe('Tried to book')
  expect(verbInWords('find_times', 'closed')).toBe('Looked for a time')
  expect(verbInWords('count_stars', 'ok')).toBe('Count stars')
  expect(codeInWords('no-staff-working')).toBe('No staff working')
})

test('holding a time is not what a call was about', () => {
  expect(['book_appointment', 'move_appointment', 'leave_message'].every(isChange)).toBe(true)
  expect(['hold_time', 'change_hold', 'release_hold', 'find_times'].some(isChange)).toBe(false)
})
