import { describe, expect, test } from 'vitest'
import { readRange } from '#lib/appointments/range-request.ts'
import { appointmentChangeSchema, appointmentFieldsSchema } from '#lib/appointments/schema.ts'
import { businessChangesSchema } from '#lib/business/schema.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { isSupportedYear, yearSentence } from './supported-years.ts'

const outside = ['0000', '0001', '1999', '2201', '9999']

test.each(['2000-01-01', '2200-12-31', '2026-11-27T00:00:00Z'])('%s is supported', (text) => {
  expect(isSupportedYear(text)).toBe(true)
})

test.each(['+012026-01-01', '-002026-01-01', '20260101', '', '202-01-01', '20260-01-01'])('%j is not', (text) => {
  expect(isSupportedYear(text)).toBe(false)
})

describe.each(outside)('the year %s', (year) => {
  const times = { start: `${year}-06-01T00:00:00Z`, end: `${year}-06-01T01:00:00Z` }

  test('is a field error of an appointment and of a move', () => {
    const fields = appointmentFieldsSchema.safeParse({ title: 'T', ...times })
    expect(fieldsByPath(fields.error as never)).toMatchObject({ start: yearSentence, end: yearSentence })
    const id = '0e5f7a0c-6a50-4a4e-9a0e-1d6f5b1c2d3e'
    expect(appointmentChangeSchema.safeParse({ kind: 'move', id, revision: 1, ...times }).success).toBe(false)
  })

  test('is a field error of an exception of opening hours', () => {
    const parsed = businessChangesSchema.safeParse({
      openingExceptions: [{ date: `${year}-06-01`, hours: [] }],
    })
    expect(fieldsByPath(parsed.error as never)).toEqual({ 'openingExceptions.0.date': yearSentence })
  })

  test('is a problem of a range', () => {
    if (year === '1999' || year === '2201') return
    for (const [from, to] of [
      [`${year}-06-01`, `${year}-06-02`],
      [times.start, times.end],
    ] as const)
      expect(readRange({ from, to }, 'Australia/Sydney')).toMatchObject({
        ok: false,
        code: 'invalid',
        fields: { from: yearSentence, to: yearSentence },
      })
  })
})

test.each(['-271821-04-20', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '+010000-01-01T00:00:00Z'])(
  'a range from %s is a problem',
  (from) => {
    expect(readRange({ from, to: '2026-11-27' }, 'UTC')).toMatchObject({ ok: false, code: 'invalid' })
    expect(readRange({ from: '2026-11-27', to: from }, 'UTC')).toMatchObject({ ok: false, code: 'invalid' })
  },
)

test('the months at both ends can be shown with the weeks around them', () => {
  expect(readRange({ from: '1999-12-27', to: '2000-02-07' }, 'UTC').ok).toBe(true)
  expect(readRange({ from: '2200-12-01', to: '2201-01-05' }, 'UTC').ok).toBe(true)
})
