import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { closeNetwork } from './closed-network.ts'

closeNetwork()

// An unexpected console.error or console.warn fails the test. A test that expects one replaces the
// method: `vi.spyOn(console, 'error').mockImplementation(() => {})`, restored at the end.
const original = { error: console.error, warn: console.warn }
const messages: string[] = []

for (const method of ['error', 'warn'] as const)
  console[method] = (...parts) => {
    messages.push(`console.${method}: ${parts.map(String).join(' ')}`)
    original[method](...parts)
  }

const expectNoMessages = () => {
  const unexpected = messages.splice(0)
  expect(unexpected, 'an unexpected console.error or console.warn').toEqual([])
}

beforeAll(expectNoMessages)
afterEach(expectNoMessages)
afterAll(expectNoMessages)
