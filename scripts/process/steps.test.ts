import { afterEach, expect, test, vi } from 'vitest'
import { formatStep, step } from './steps.ts'

afterEach(() => vi.restoreAllMocks())

test('formatStep lines up the seconds', () => {
  expect(formatStep('Migrations', 0.25)).toBe('Migrations                                 0.3 s')
  expect(formatStep('Production build', 12.34, 'up to date')).toBe(
    'Production build                          12.3 s   up to date',
  )
})

test('a step prints one line after its work, with a note on the result', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  const result = await step({ name: 'Build', work: async () => 7, note: (made) => `made ${made}` })
  expect(result).toBe(7)
  expect(print).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^Build +0\.0 s {3}made 7$/))
})

test('a step that fails prints nothing and fails', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  await expect(step({ name: 'Build', work: () => Promise.reject(new Error('broken')) })).rejects.toThrow('broken')
  expect(print).not.toHaveBeenCalled()
})
