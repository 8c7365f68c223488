import { describe, expect, test } from 'vitest'
import { flags, parseTestArguments } from './arguments.ts'

test('flags', () => {
  expect(flags([], ['fresh'])).toEqual({ fresh: false })
  expect(flags(['--fresh'], ['fresh'])).toEqual({ fresh: true })
  expect(() => flags(['--frsh'], ['fresh'])).toThrow('Unknown argument --frsh: use --fresh.')
})

describe('parseTestArguments', () => {
  const every = ['units', 'integration', 'browser']
  test.each([
    [[], { parts: every, rest: [] }],
    [['units'], { parts: ['units'], rest: [] }],
    [['integration', 'units', 'units'], { parts: ['integration', 'units'], rest: [] }],
    [['units', 'scripts/ports', '-t', 'busy'], { parts: ['units'], rest: ['scripts/ports', '-t', 'busy'] }],
    [['scripts/ports', 'units'], { parts: every, rest: ['scripts/ports', 'units'] }],
  ])('%j', (given, expected) => expect(parseTestArguments(given)).toEqual(expected))
})
