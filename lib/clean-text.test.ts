import { expect, test } from 'vitest'
import { cleanText, isStorable } from './clean-text.ts'
import { emailSchema } from './email-address.ts'

test.each([
  ['plain text stays', 'Ann & Bo', 'Ann & Bo'],
  ['the character 0 goes', 'a\0b\0', 'ab'],
  ['half a pair is replaced', 'a\ud83db', 'a\ufffdb'],
  ['a whole pair stays', '\u{1f600}', '\u{1f600}'],
  ['halves that only the character 0 kept apart are replaced or joined', '\ud83d\0\ude00', '\u{1f600}'],
  ['long text is cut', 'x'.repeat(11), 'x'.repeat(10)],
  ['a pair is not cut in two', `${'x'.repeat(9)}\u{1f600}`, 'x'.repeat(9)],
])('%s', (_, given, expected) => {
  const clean = cleanText(given, { max: 10 })
  expect(clean).toBe(expected)
  expect(isStorable(clean)).toBe(true)
})

test.each(['a\0b', '\ud83d', 'x\ude00'])('%j is not storable', (text) => {
  expect(isStorable(text)).toBe(false)
})

test('an address is ASCII before it is lowered', () => {
  expect(emailSchema.parse(' Kelvin@X.Example ')).toBe('kelvin@x.example')
  expect(emailSchema.safeParse('\u212aelvin@x.example').success).toBe(false)
})
