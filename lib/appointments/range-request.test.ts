import { expect, test } from 'vitest'
import { readRange } from './range-request.ts'

const read = (from: string | null, to: string | null) => readRange({ from, to }, 'Australia/Sydney')
const codeOf = (from: string | null, to: string | null) => {
  const range = read(from, to)
  return range.ok ? null : range.code
}

test('a range covers at most 400 days', () => {
  expect(read('2026-01-01', '2027-02-05')).toEqual({
    ok: true,
    span: { start: '2025-12-31T13:00:00Z', end: '2027-02-04T13:00:00Z' },
  })
  expect(codeOf('2026-01-01', '2027-02-06')).toBe('range-too-long')
  expect(codeOf('2060-01-01', '2069-12-30')).toBe('range-too-long')
  expect(codeOf('2026-01-01T00:00:00Z', '2027-02-05T03:00:00Z')).toBe('range-too-long')
})

test.each([
  '1998-12-01',
  '1969-12-31T23:59:59Z',
  '0000-01-01',
  '0001-01-01T00:00:00Z',
  '2202-02-01',
  '9999-12-31',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
])('%s is refused as either end', (moment) => {
  for (const range of [read(moment, '2026-11-30'), read('2026-11-23', moment), read(moment, moment)])
    expect(range).toMatchObject({ ok: false, code: 'invalid' })
})

test.each([
  null,
  '',
  ' ',
  '\0',
  '2026-02-30',
  '2026-11-23T25:00:00Z',
  '2026-11-23T00:00:00',
  `2026-11-23T00:00:00.${'0'.repeat(10_000)}Z`,
  'now()',
])('%j is no moment', (moment) => {
  expect(codeOf(moment, '2026-11-30')).toBe('invalid')
})

test('the end is after the start', () => {
  expect(codeOf('2026-11-30', '2026-11-23')).toBe('invalid')
  expect(codeOf('2026-11-23', '2026-11-23')).toBe('invalid')
})

test('the first and the last week can be read', () => {
  expect(read('1999-12-27', '2000-01-03').ok).toBe(true)
  expect(read('2200-12-29', '2201-01-12').ok).toBe(true)
})
