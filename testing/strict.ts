import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { captureOutput, outputSinceReset, resetOutput } from './captured-output.ts'
import { closeNetwork } from './closed-network.ts'
import { isLogLine, leaksIn } from './log-guard.ts'

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
  const output = outputSinceReset()
  const odd = output.split('\n').filter((line) => line.startsWith('{') && !isLogLine(line))
  expect([...odd, ...leaksIn(output, planted)], 'what the log may not contain').toEqual([])
}

beforeAll(expectNoMessages)
afterEach(expectNoMessages)
afterAll(expectNoMessages)
// Kept until the next test: its fixtures check the output once more.
beforeEach(resetOutput)
afterEach(expectCleanLog)
afterAll(expectCleanLog)
