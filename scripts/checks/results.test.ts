import { expect, test } from 'vitest'
import { countPlaywright, countVitest, formatCount, sum, withExitCode } from './results.ts'

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, testResults: [] }

test('vitest counts passed, failed and skipped tests', () => {
  expect(countVitest(vitest)).toEqual({ passed: 5, failed: 1, skipped: 2 })
})

test('a file that could not be loaded counts as one failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ]
  expect(countVitest({ ...vitest, testResults }).failed).toBe(2)
})

test('a flaky test counts as failed', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
  expect(countPlaywright({ stats, errors: [] })).toEqual({ passed: 3, failed: 2, skipped: 2 })
})

test('an error outside of tests counts when no test failed', () => {
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 }
  expect(countPlaywright({ stats, errors: ['setup'] }).failed).toBe(1)
})

test('no report, or a bad exit code without a failed test, is one failure', () => {
  const good = { passed: 2, failed: 0, skipped: 0 }
  expect(withExitCode({ exitCode: 0, count: undefined }).failed).toBe(1)
  expect(withExitCode({ exitCode: 1, count: good })).toEqual({ ...good, failed: 1 })
  expect(withExitCode({ exitCode: 0, count: good })).toEqual(good)
  expect(withExitCode({ exitCode: 1, count: { ...good, failed: 3 } }).failed).toBe(3)
})

test('the last line', () => {
  const total = sum([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 2, failed: 1, skipped: 3 },
  ])
  expect(formatCount(total)).toBe('3 passed, 1 failed, 3 skipped')
  expect(formatCount({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
})
