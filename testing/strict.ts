import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { closeNetwork } from './closed-network.ts'
import { captureOutput, outputSinceReset, resetOutput } from './log/captured-output.ts'
import { faultsInOutput } from './log/log-guard.ts'

closeNetwork()
captureOutput()

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

/** Lines of the product's log have its form, and contain nothing of the fixture's people. */
const planted = ['harbour.example', 'Olive Harbour', 'Mia Chen', 'Blocked drain']
const expectCleanLog = () => {
  expect(faultsInOutput(outputSinceReset(), planted), 'what the log may not contain').toEqual([])
}

beforeAll(expectNoMessages)
afterEach(expectNoMessages)
afterAll(expectNoMessages)
beforeEach(resetOutput)
afterEach(expectCleanLog)
afterAll(expectCleanLog)
