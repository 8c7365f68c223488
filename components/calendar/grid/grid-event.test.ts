import { expect, test } from 'vitest'
import type { BusyTime, Occurrence } from '#lib/appointments/schema.ts'
import { eventInputs, forStaff } from './grid-event.ts'

const span = { start: '2027-01-11T00:00:00Z', end: '2027-01-11T01:00:00Z' }
const busyOf = (memberId: string): BusyTime => ({
  id: `of-${memberId}`,
  memberId,
  ...span,
  allDay: false,
  htmlLink: '',
})
const rows = { appointments: [], occurrences: [], busy: [busyOf('ben'), busyOf('mia')], holds: [] }

test('busy times are locked, and shown for the chosen members', () => {
  expect(eventInputs(rows)).toMatchObject([
    { id: 'busy:of-ben', title: 'Busy', editable: false, ...span },
    { id: 'busy:of-mia', title: 'Busy', editable: false, ...span },
  ])
  expect(forStaff(rows, { staff: [], withUnassigned: false }).busy).toEqual(rows.busy)
  expect(forStaff(rows, { staff: ['mia'], withUnassigned: false }).busy).toEqual([busyOf('mia')])
})

test('Google events are shown for the chosen members whom they concern, or everyone', () => {
  const occurrence = (googleEventId: string, memberIds: string[]): Occurrence => ({
    ...{ googleEventId, memberIds, title: '', ...span, allDay: false, blocks: true, blocksWhy: 'busy' },
    ...{ location: '', description: '', isPrivate: false, recurring: false, htmlLink: '' },
  })
  const occurrences = [occurrence('both', ['tom', 'mia']), occurrence('tom', ['tom']), occurrence('anyone', [])]
  const shown = forStaff({ ...rows, occurrences }, { staff: ['mia'], withUnassigned: false }).occurrences
  expect(shown.map(({ googleEventId }) => googleEventId)).toEqual(['both', 'anyone'])
})
