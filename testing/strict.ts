import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { closeNetwork } from './closed-network.ts'

closeNetwork()

// A warning nobody expects is a failure. A test that expects one takes the method's place meanwhile:
// `vi.spyOn(console, 'error').mockImplementation(() => {})`, restored when it is done.
const original = { error: console.error, warn: console.warn }
const unacknowledgedWrites: string[] = []

for (const method of ['error', 'warn'] as const)
  console[method] = (...parts) => {
    unacknowledgedWrites.push(`console.${method}: ${parts.map(String).join(' ')}`)
    original[method](...parts)
  }

const expectSilence = () => {
  const unexpected = unacknowledgedWrites.splice(0)
  expect(unexpected, 'an unexpected console.error or console.warn').toEqual([])
}

beforeAll(expectSilence)
afterEach(expectSilence)
afterAll(expectSilence)
