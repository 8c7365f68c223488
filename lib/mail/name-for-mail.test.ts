import { expect, test } from 'vitest'
import { nameForMail } from './name-for-mail.ts'

test.each([
  'https://evil.example',
  'HTTP://evil',
  'see www.evil',
  'evil.example',
  'Evil.Example/path',
  'evil.xn--p1ai',
  'evil\u3002example',
  'evil\uff0eexample',
  'evil\u200b.\u200bexample',
  'evil\u00ad.example',
  '192.0.2.1',
  'mailto:x@evil',
  'x@evil',
  'пример.рф',
  '',
  '\u200b',
])('%j is left out of e-mails', (name) => expect(nameForMail(name)).toBeNull())

test.each([
  ['Harbour Plumbing Pty. Ltd.', 'Harbour Plumbing Pty. Ltd.'],
  ['St. Mary & Sons, Dr. No', 'St. Mary & Sons, Dr. No'],
  ['Straße 24/7 – 100 %', 'Straße 24/7 – 100 %'],
  ['Two\r\nlines\u2028here\u0000', 'Two lines here'],
  ['\u202eevil', 'evil'],
])('%j is written as %s', (name, line) => expect(nameForMail(name)).toBe(line))
