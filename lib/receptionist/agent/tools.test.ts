import { expect, test } from 'vitest'
import { schemasOf, tools } from './tools.ts'

const list = tools.map((tool) => {
  const { input, output } = schemasOf(tool)
  const { name, title, description, annotations } = tool
  return { name, title, description, annotations, inputSchema: input, outputSchema: output }
})

/** Counts too many rather than too few: o200k_base makes 2,150 tokens of the list. */
const tokensOf = (value: object) => Math.ceil(JSON.stringify(value).length / 3.5)

test('the eight tools are in a fixed order', () => {
  expect(tools.map(({ name }) => name)).toEqual([
    'get_context',
    'find_times',
    'hold_time',
    'book_appointment',
    'find_appointments',
    'move_appointment',
    'cancel_appointment',
    'leave_message',
  ])
})

test('the whole list costs a model less than 2,500 tokens', () => {
  expect(tokensOf(list)).toBeLessThan(2500)
})
