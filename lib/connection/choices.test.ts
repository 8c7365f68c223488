import { expect, test } from 'vitest'
import { choicesOf } from './choices.ts'

const calendar = (id: string, accessRole: string, more: object = {}) => ({
  id,
  summary: id,
  timeZone: 'Australia/Sydney',
  accessRole,
  ...more,
})

test('primary first, then what may be written by name, then the rest by name', () => {
  const names = choicesOf([
    calendar('holidays', 'reader'),
    calendar('Zoe', 'writer'),
    calendar('busy only', 'freeBusyReader'),
    calendar('anna', 'owner'),
    calendar('me@x.example', 'owner', { primary: true }),
  ]).map((choice) => choice.name)
  expect(names).toEqual(['me@x.example', 'anna', 'Zoe', 'busy only', 'holidays'])
})

test.each([
  ['owner', 'owner', null],
  ['writer', 'writer', null],
  ['reader', 'read-only', 'Read only: Sophiie could not add appointments.'],
  ['writerWithoutPrivateAccess', 'read-only', 'Read only: Sophiie could not add appointments.'],
  ['freeBusyReader', 'free-busy-only', 'Only free and busy times are shared: Sophiie could not add appointments.'],
  ['somethingNew', 'read-only', 'Read only: Sophiie could not add appointments.'],
])('%s may be chosen or says why not', (role, access, disabledBecause) => {
  expect(choicesOf([calendar('a', role)])[0]).toMatchObject({ access, disabledBecause })
})

test('the name people gave it, else its own, else its id', () => {
  const names = choicesOf([
    calendar('1', 'owner', { summary: 'Work', summaryOverride: 'My work' }),
    calendar('2', 'owner', { summary: 'Work' }),
    { id: '3', accessRole: 'owner' },
  ]).map((choice) => choice.name)
  expect(names).toEqual(['3', 'My work', 'Work'])
})

test('deleted calendars and entries without id are left out', () => {
  expect(choicesOf([calendar('a', 'owner', { deleted: true }), { id: '', accessRole: 'owner' }])).toEqual([])
})
