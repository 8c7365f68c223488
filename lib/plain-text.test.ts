import { describe, expect, test } from 'vitest'
import { appointmentFieldsSchema } from './appointments/schema.ts'
import { newBusinessSchema } from './business/schema.ts'
import { accountAddressSchema, emailSchema } from './email-address.ts'
import { fieldsByPath } from './fields.ts'
import { first, parameter } from './search-params.ts'
import { memberChangesSchema } from './team/schema.ts'

const unstorable = {
  'the character 0': 'a\0b',
  'the first half of an emoji': 'Tap \ud83d',
  'the second half': '\udd27',
}

describe.each(Object.entries(unstorable))('text with %s', (_, text) => {
  test.each(['title', 'location', 'notes', 'customerName', 'customerPhone', 'customerEmail'])(
    'is a field error of an appointment: %s',
    (field) => {
      const fields = { title: 'T', start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z', [field]: text }
      const parsed = appointmentFieldsSchema.safeParse(fields)
      expect(fieldsByPath(parsed.error as never)[field]).toBe('Remove the invalid character.')
    },
  )

  test('is a field error of names', () => {
    const business = { name: text, timeZone: 'UTC', openingHours: {} }
    expect(newBusinessSchema.safeParse(business).error?.issues[0]?.path).toEqual(['name'])
    const changes = { memberId: '0e5f7a0c-6a50-4a4e-9a0e-1d6f5b1c2d3e', changes: { name: text } }
    expect(memberChangesSchema.safeParse(changes).error?.issues[0]?.path).toEqual(['changes', 'name'])
  })

  test('is refused as an address, and absent from a query', () => {
    expect(emailSchema.safeParse(`${text}@harbour.example`).success).toBe(false)
    expect(first(text)).toBeUndefined()
    expect(first([text])).toBeUndefined()
  })
})

test('a whole emoji is accepted, and a query without invalid text is unchanged', () => {
  const fields = { title: 'Tap 🔧', start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' }
  expect(appointmentFieldsSchema.parse(fields).title).toBe('Tap 🔧')
  expect(first(['Tap 🔧', 'other'])).toBe('Tap 🔧')
  expect(parameter(new URLSearchParams('name=Tap'), 'name')).toBe('Tap')
  expect(parameter(new URLSearchParams('name=x%00'), 'name')).toBeNull()
  expect(parameter(new URLSearchParams(), 'name')).toBeNull()
})

test.each([emailSchema, accountAddressSchema])('an address is compared in ASCII only', (schema) => {
  // The Kelvin sign lower-cases to `k`.
  expect(schema.safeParse('mi\u212Ae@harbour.example').success).toBe(false)
  expect(schema.parse('Mike@Harbour.example')).toBe('mike@harbour.example')
})
