import { expect, test } from 'vitest'
import { checkLineWidth } from './line-width.ts'

const check = (file: string, text: string) => checkLineWidth([{ file, text }])
const fill = (start: string, columns: number) => start + 'x'.repeat(columns - start.length)

test.each([
  ['lib/a.ts', '// '],
  ['lib/a.ts', '   * '],
  ['lib/a.ts', '/** '],
  ['lib/a.ts', 'const a = 1 // '],
  ['components/a.tsx', '      {/* '],
  ['app/globals.css', '/* '],
  ['db/migrations/0000_init.sql', '-- '],
  ['compose.yaml', '    # '],
  ['Dockerfile', '# '],
  ['.ci/run', '# '],
])('%s: a comment "%s…" has at most 100 columns', (file, start) => {
  expect(check(file, fill(start, 100))).toEqual([])
  expect(check(file, `\n${fill(start, 101)}`)).toEqual([`${file}:2: comment of 101 columns, 100 at most.`])
})

test('a Markdown line has at most 120 columns, tables included', () => {
  expect(check('README.md', fill('| a | ', 120))).toEqual([])
  expect(check('README.md', fill('| a | ', 121))).toEqual(['README.md:1: line of 121 columns, 120 at most.'])
})

test('code is left to the formatter', () => {
  expect(check('lib/a.ts', fill("const a = 'https://example.com/", 140))).toEqual([])
})
