import { expect, test, vi } from 'vitest'
import { toolCodes } from '../agent/openapi.ts'
import { tools } from '../agent/tools.ts'
import { openApiDocument } from './openapi.ts'
import { operations } from './operations/all.ts'
import { referenceOf } from './reference.ts'

vi.mock('next/server.js', () => ({ after: () => {} }))

const reference = referenceOf(openApiDocument('https://calendar.harbour.example'))
const shown = reference.sections.flatMap((section) => section.operations)

test('every operation is shown once, with a command, an answer and its problems', () => {
  const ofTools = shown.filter(({ path }) => path.startsWith('/agent/'))
  expect(ofTools.map(({ path }) => path)).toEqual(tools.map(({ name }) => `/agent/${name}`))
  const others = shown.filter((each) => !ofTools.includes(each))
  expect(others.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort())
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

test('an agent tool shows its input, an answer, and the codes that it may refuse with', () => {
  const booking = shown.find(({ path }) => path === '/agent/book_appointment')
  expect(booking?.body).toContainEqual(expect.objectContaining({ name: 'weekday', type: 'string', required: false }))
  expect(JSON.parse(booking?.answerExample ?? '')).toMatchObject({ ok: true, appointment: { reference: 'K7QF2M' } })
  const tool = tools.find(({ name }) => name === 'book_appointment')
  expect(booking?.codes).toEqual(expect.arrayContaining([...(tool ? toolCodes(tool) : []), 'unauthorized']))
  expect(reference.problems).toContainEqual(
    expect.objectContaining({ code: 'weekday-mismatch', status: '200', title: 'The date is not on that weekday' }),
  )
  expect(reference.problems).toContainEqual(expect.objectContaining({ code: 'taken', status: '409' }))
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
