import { describe, expect, test } from 'vitest'
import { fields } from '#testing/appointment-fields.ts'
import { fieldErrors } from './field-errors.ts'
import { appointmentChangeSchema } from './schema.ts'

const id = '0e5f7a0c-6a50-4a4e-9a0e-1d6f5b1c2d3e'
const errorsOf = (change: unknown) => {
  const parsed = appointmentChangeSchema.safeParse(change)
  return parsed.success ? {} : fieldErrors(parsed.error)
}
const create = (given: object) => errorsOf({ kind: 'create', id, fields: { ...fields(), ...given } })

const texts = ['title', 'location', 'notes', 'customerName', 'customerPhone', 'customerEmail']

describe.each([
  ['half an emoji at the end', 'Tap \ud83d'],
  ['the second half of an emoji', '\udd27 Tap'],
  ['the character 0', 'Tap\0'],
])('text with %s', (_, text) => {
  test.each(texts)('is an error of the field %s', (name) => {
    expect(create({ [name]: text })[name]).toBe('Remove the invalid character.')
  })
})

test.each(['', '   ', '\u200b', '\u200b \u200d\ufeff', '\u3164', '\u2800\u00ad', '\u202e\u2066'])(
  'a title of %j cannot be seen',
  (title) => {
    expect(create({ title })).toEqual({ title: 'Give the appointment a title.' })
  },
)

test('emojis, family emojis and right-to-left text are titles', () => {
  for (const title of ['🔧', '👨‍👩‍👧', 'שלום', 'a\u200bb']) expect(create({ title })).toEqual({})
})

test.each(['0000-01-01', '0001-01-01', '1999-12-31', '2201-01-01', '9999-12-31'])(
  'times in %s are field errors',
  (date) => {
    const times = { start: `${date}T00:00:00Z`, end: `${date}T01:00:00Z` }
    const years = 'Use a year from 2000 to 2200.'
    expect(create(times)).toEqual({ start: years, end: years })
    expect(errorsOf({ kind: 'move', id, revision: 1, ...times })).toEqual({ start: years, end: years })
  },
)

test('revisions that no row can have are refused', () => {
  for (const revision of [0, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.NaN, '1'])
    expect(Object.keys(errorsOf({ kind: 'cancel', id, revision }))).toEqual(['revision'])
})

test('thousands of assignees are refused', () => {
  const assigneeIds = Array.from({ length: 5000 }, () => id)
  expect(Object.keys(create({ assigneeIds }))).toEqual(['assigneeIds'])
})
