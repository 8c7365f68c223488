import { expect, test } from 'vitest'
import { firstInstanceId, instanceId, originalStartOf, parseInstanceId, seriesIdOf } from './instance-id.ts'

test.each([
  ['abc_20240520T213000Z', 'abc', '20240520T213000Z'],
  ['abc_20240520', 'abc', '20240520'],
  ['_60q30c1g60o30e1i60o4ac1g60rj8gpl_20240520', '_60q30c1g60o30e1i60o4ac1g60rj8gpl', '20240520'],
  ['a_b_20240520T213000Z', 'a_b', '20240520T213000Z'],
  ['abc_R20240513T213000_20240520T213000Z', 'abc_R20240513T213000', '20240520T213000Z'],
  ['abc_R20240513_20240520', 'abc_R20240513', '20240520'],
])('%s is an instance, and goes back to its id', (id, masterId, originalStart) => {
  expect(parseInstanceId(id)).toEqual({ masterId, originalStart })
  expect(instanceId(masterId, originalStart)).toBe(id)
})

test('the stamp may come in lower case', () => {
  expect(parseInstanceId('abc_20240520t213000z')?.originalStart).toBe('20240520T213000Z')
})

test.each([
  'abc',
  '_abc',
  'abc_R20240513T213000',
  'abc_R20240513',
  'abc_20240230',
  'abc_20241301T000000Z',
  'abc_20240520T213000',
  '_20240520',
])('%s is no instance', (id) => {
  expect(parseInstanceId(id)).toBeNull()
})

test.each([
  ['all-day', { date: '2024-05-20' }, '20240520'],
  ['with an offset', { dateTime: '2024-05-20T23:30:00+02:00', timeZone: 'UTC' }, '20240520T213000Z'],
  ['without an offset', { dateTime: '2024-05-20T23:30:00', timeZone: 'Europe/Berlin' }, '20240520T213000Z'],
  ['without offset and zone', { dateTime: '2024-05-20T23:30:00' }, '20240521T033000Z'],
  ['unreadable', { dateTime: 'soon' }, null],
  ['empty', {}, null],
  ['absent', undefined, null],
])('originalStartOf: %s', (_, time, stamp) => {
  expect(originalStartOf(time, 'America/New_York')).toBe(stamp)
})

test.each([
  ['abc_20240520T213000Z', 'abc'],
  ['abc', 'abc'],
])('%s belongs to the series %s', (id, series) => expect(seriesIdOf(id)).toBe(series))

test.each([
  ['timed', { dateTime: '2024-05-20T23:30:00+02:00' }, 'abc_20240520T213000Z'],
  ['all-day', { date: '2024-05-20' }, 'abc_20240520'],
  ['unreadable', { dateTime: 'soon' }, null],
])('the first instance of a series: %s', (_, start, id) => {
  expect(firstInstanceId({ id: 'abc', start }, 'UTC')).toBe(id)
})
