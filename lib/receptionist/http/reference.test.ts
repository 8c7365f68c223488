import { expect, test, vi } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { operations } from './operations/all.ts'
import { referenceOf } from './reference.ts'

vi.mock('next/server.js', () => ({ after: () => {} }))

const reference = referenceOf(openApiDocument('https://calendar.harbour.example'))
const shown = reference.sections.flatMap((section) => section.operations)

test('every operation is shown once, with a command, an answer and its problems', () => {
  expect(shown.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort())
  for (const each of shown) {
    expect(each.curl).toContain('$API')
    expect(each.answer.length).toBeGreaterThan(0)
    expect(JSON.parse(each.answerExample)).toBeTypeOf('object')
    expect(each.scopes.length).toBeGreaterThan(0)
    expect(each.description).not.toContain('Scopes:')
  }
})

test('every problem of an operation is explained', () => {
  const explained = reference.problems.map(({ code }) => code)
  for (const { codes } of shown) for (const code of codes) expect(explained).toContain(code)
  expect(new Set(explained).size).toBe(explained.length)
})

test('fields within fields have their path and their type', () => {
  const booking = shown.find(({ id }) => id === 'createAppointment')
  expect(booking?.body).toContainEqual(
    expect.objectContaining({ name: 'customer.name', type: 'string, at most 200', required: true }),
  )
  expect(booking).toMatchObject({ method: 'POST', path: '/appointments', status: '201' })
  const slots = shown.find(({ id }) => id === 'listSlots')
  expect(slots?.parameters).toContainEqual(
    expect.objectContaining({ name: 'duration', place: 'query', type: 'integer 5–480', required: false }),
  )
  expect(slots?.answer.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['slots', 'slots[].start', 'slots[].members[].name', 'google.asOf']),
  )
  expect(slots?.answer.find(({ name }) => name === 'google.state')?.type).toBe(
    'fresh | checked-now | unknown | unlinked',
  )
})
