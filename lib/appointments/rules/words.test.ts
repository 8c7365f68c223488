import { expect, test } from 'vitest'
import type { Objection } from '#lib/availability/explain.ts'
import { brokenRule } from './words.ts'

const names = { member: 'Mia Chen', service: 'Leaking tap' }
const rows: [Objection, string | null, string | null][] = [
  [
    { code: 'closed', source: { kind: 'opening-hours', weekday: 7 } },
    'Outside of the opening hours on Sundays.',
    '/settings/business#hours',
  ],
  [
    { code: 'holiday', source: { kind: 'exception', date: '2026-12-25', note: 'Christmas Day' } },
    'A public holiday: Christmas Day.',
    '/settings/business#hours',
  ],
  [
    { code: 'closed', source: { kind: 'exception', date: '2026-12-25', note: '' } },
    'Closed that day.',
    '/settings/business#hours',
  ],
  [
    { code: 'no-staff-qualified', source: { kind: 'service', id: 's' } },
    'Mia Chen does not do “Leaking tap”.',
    '/settings/services#s',
  ],
  [
    { code: 'no-staff-working', source: { kind: 'working-hours', memberId: 'm' } },
    'Outside of Mia Chen’s working hours.',
    '/settings/team',
  ],
  [
    { code: 'no-staff-working', source: { kind: 'time-off', memberId: 'm', id: 't' } },
    'Mia Chen has time off.',
    '/settings/team',
  ],
  [
    { code: 'too-soon', source: { kind: 'notice', minutes: 1440, of: 'business' } },
    'Less than 1 day notice.',
    '/settings/business#rules',
  ],
  [
    { code: 'too-soon', source: { kind: 'notice', minutes: 90, of: 'service' } },
    'Less than 1 h 30 min notice.',
    '/settings/services',
  ],
  [
    { code: 'too-soon', source: { kind: 'same-day-cut-off', time: '15:00' } },
    'Today cannot be booked after 15:00.',
    '/settings/business#rules',
  ],
  [
    { code: 'too-far', source: { kind: 'horizon', days: 90, of: 'business' } },
    'More than 90 days ahead.',
    '/settings/business#rules',
  ],
  [
    { code: 'full', source: { kind: 'most-per-day', count: 6 } },
    'Mia Chen already has 6 appointments that day, the most allowed.',
    '/settings/business#rules',
  ],
  [
    { code: 'full', source: { kind: 'gap', id: 'a', minutes: 15 } },
    'Less than 15 min from another appointment of Mia Chen.',
    '/calendar?appointment=a',
  ],
  [{ code: 'full', source: { kind: 'appointment', id: 'a' } }, null, null],
  [{ code: 'too-soon', source: { kind: 'past' } }, null, null],
]

test.each(rows)('%o', (objection, text, href) => {
  expect(brokenRule(objection, names)).toEqual(text === null ? null : { text, href })
})
