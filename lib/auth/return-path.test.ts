import fc from 'fast-check'
import { expect, test } from 'vitest'
import { home, returnPath } from './return-path.ts'

test.each([
  ['/settings/calendar', '/settings/calendar'],
  ['/calendar?view=day&date=2026-11-24#now', '/calendar?view=day&date=2026-11-24#now'],
  ['/help/google-calendar', '/help/google-calendar'],
])('%s is kept', (wanted, path) => {
  expect(returnPath(wanted)).toBe(path)
})

test.each([
  undefined,
  null,
  7,
  '',
  '/',
  'calendar',
  'https://evil.example/calendar',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  '/api/google/link',
  '/sign-in?callbackUrl=/calendar',
  `/${'a'.repeat(3000)}`,
])('%j becomes the calendar', (wanted) => {
  expect(returnPath(wanted)).toBe(home)
})

test('any input keeps the browser on this origin', () => {
  const piece = fc.constantFrom('/', '\\', '.', '..', '@', ':', '?', '#', 'http:', 'evil.example', '\t', '\n', '%2f')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.string(), (pieces, tail) => {
      const path = returnPath(pieces.join('') + tail)
      expect(new URL(path, 'https://calendar.example').origin).toBe('https://calendar.example')
    }),
    { numRuns: 2000 },
  )
})
