import { expect, test } from 'vitest'
import { htmlToText } from './html-to-text.ts'
import { linkedText, safeHref } from './linked-text.ts'

const links = (text: string) => linkedText(text).flatMap(({ href }) => href ?? [])
const shown = (text: string) =>
  linkedText(text)
    .map((part) => part.text)
    .join('')

test('a description of Outlook: words and address are shown, the address is a link', () => {
  const text = htmlToText('Click here to join<https://teams.example.com/l/abc>')
  expect(linkedText(text)).toEqual([
    { text: 'Click here to join<' },
    { text: 'https://teams.example.com/l/abc', href: 'https://teams.example.com/l/abc' },
    { text: '>' },
  ])
})

test.each([
  ['See https://x.example/a.', 'https://x.example/a'],
  ['(https://x.example/a)', 'https://x.example/a'],
  ['https://x.example/a_(b)', 'https://x.example/a_(b)'],
  ['**http://x.example**', 'http://x.example/'],
  ['mailto:ann@x.example, or call', 'mailto:ann@x.example'],
  ['https://x.example/?a=1&b=2#c', 'https://x.example/?a=1&b=2#c'],
])('%s links to %s, and no character is lost', (text, href) => {
  expect(links(text)).toEqual([href])
  expect(shown(text)).toBe(text)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'https://',
  'Ann <ann@x.example>',
])('%s is no link', (text) => {
  expect(links(text)).toEqual([])
  expect(shown(text)).toBe(text)
  expect(safeHref(text)).toBeNull()
})
