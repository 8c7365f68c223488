import { expect, test } from 'vitest'
import { readUrl, writeUrl } from './url-state.ts'

const read = (query: string) => readUrl(new URLSearchParams(query))

test('reading a written query gives the same state', () => {
  const query = '?view=month&date=2026-11-23&staff=mia,tom'
  expect(writeUrl(read(query), {})).toBe(query)
})

test('malformed parameters are ignored', () => {
  expect(read('view=year&date=2026-13-40&staff=,')).toEqual(read(''))
  expect(read('date=2026-02-31').date).toBeNull()
  for (const date of ['0000-01-01', '1999-12-31', '2201-01-01', '9999-12-31'])
    expect(read(`date=${date}`).date).toBeNull()
  expect(read('date=2200-12-31').date).toBe('2200-12-31')
  expect(read(`staff=${'mia,'.repeat(5000)}`).staff).toHaveLength(200)
})

test('a change keeps the other parameters, and defaults are left out', () => {
  expect(writeUrl(read('view=day&staff=mia&new=1'), { staff: [], isNew: false })).toBe('?view=day')
  expect(writeUrl(read('view=day'), { view: null })).toBe('')
})
