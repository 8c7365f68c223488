import { expect, test } from 'vitest'
import type { Occurrence } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { appointment } from '#testing/appointment-row.ts'
import { eventsByColumn, idOf, teamColumns } from './team-columns.ts'

const member = (id: string, active = true): Member => ({
  ...{ id, active, name: id, email: `${id}@harbour.example`, role: 'staff', colour: 1 },
})
const members = [member('mia'), member('gone', false), member('tom')]

const occurrence = (googleEventId: string, given: Partial<Occurrence> = {}): Occurrence => ({
  ...{ googleEventId, title: 'Walk', allDay: false, blocks: true, blocksWhy: 'busy', location: '', description: '' },
  ...{ start: '2026-11-23T00:00:00Z', end: '2026-11-23T01:00:00Z', isPrivate: false, recurring: false },
  ...{ memberIds: [], htmlLink: '' },
  ...given,
})

type Rows = Partial<Parameters<typeof eventsByColumn>[0]>

/** Column → ids of its timed and its whole-day events. */
const shown = (rows: Rows, { staff = [] as string[] } = {}) => {
  const all = { appointments: [], occurrences: [], busy: [], holds: [], ...rows }
  const columns = teamColumns(members, staff)
  const found = eventsByColumn(all, { date: '2026-11-23', columns, members })
  return Object.fromEntries(found.map(({ column, timed, allDay }) => [column.id, [...timed, ...allDay].map(idOf)]))
}

test('Unassigned comes first, then the active members in the order of the team, or those chosen', () => {
  expect(teamColumns(members, []).map(({ name }) => name)).toEqual(['Unassigned', 'mia', 'tom'])
  expect(teamColumns(members, ['tom', 'gone']).map(({ id }) => id)).toEqual(['unassigned', 'tom'])
})

test('an appointment is in the column of each assignee; without an active one it is unassigned', () => {
  const appointments = [
    appointment({ id: 'both', assigneeIds: ['mia', 'tom'] }),
    appointment({ id: 'none' }),
    appointment({ id: 'left', assigneeIds: ['gone'] }),
    appointment({ id: 'taken over', assigneeIds: ['gone', 'tom'] }),
  ]
  const everyone = { unassigned: ['none', 'left'], mia: ['both'], tom: ['both', 'taken over'] }
  expect(shown({ appointments })).toEqual(everyone)
  const { mia: _, ...others } = everyone
  expect(shown({ appointments }, { staff: ['tom'] })).toEqual(others)
})

test('a Google event is in the columns of those whom it concerns, or in all', () => {
  const occurrences = [
    occurrence('guest and busy', { memberIds: ['tom', 'mia'] }),
    occurrence('guest', { memberIds: ['tom'] }),
    occurrence('anyone'),
  ]
  expect(shown({ occurrences })).toEqual({
    ...{ unassigned: ['anyone'], mia: ['guest and busy', 'anyone'], tom: ['guest and busy', 'guest', 'anyone'] },
  })
})

test('a busy time is in the column of its member only', () => {
  const busy = [
    {
      id: 'hour',
      memberId: 'tom',
      start: '2026-11-23T00:00:00Z',
      end: '2026-11-23T01:00:00Z',
      allDay: false,
      htmlLink: '',
    },
    { id: 'day', memberId: 'mia', start: '2026-11-23', end: '2026-11-24', allDay: true, htmlLink: '' },
  ]
  expect(shown({ busy })).toEqual({ unassigned: [], mia: ['day'], tom: ['hour'] })
})

test('whole-day events of other days are left out', () => {
  const allDay = (id: string, start: string, end: string) => occurrence(id, { allDay: true, start, end })
  const occurrences = [
    allDay('before', '2026-11-22', '2026-11-23'),
    allDay('on it', '2026-11-22', '2026-11-24'),
    allDay('after', '2026-11-24', '2026-11-25'),
  ]
  expect(shown({ occurrences }).mia).toEqual(['on it'])
})

test('a hold is in the columns of its members', () => {
  const times = { start: '2026-11-23T00:00:00Z', end: '2026-11-23T01:00:00Z', expiresAt: '2026-11-23T00:00:00Z' }
  expect(shown({ holds: [{ id: 'h', memberIds: ['mia'], ...times }] })).toMatchObject({ unassigned: [], mia: ['h'] })
})
