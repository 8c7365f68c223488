import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRow } from './csv.ts'

const lineOf = (text: string) => ({
  id: 1,
  at: '2027-01-01T00:00:00Z',
  who: text,
  did: text,
  why: text,
  changes: [{ label: 'Title', before: text, after: text }],
  appointmentId: null,
  callId: null,
})

/** Parses a row as in RFC 4180. */
const cellsOf = (row: string) =>
  [...row.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'))

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '  =1', '＝1', '＋1', '－1', '＠x'])(
  'a formula is escaped: %j',
  (text) => {
    expect(cellsOf(csvRow(lineOf(text))).filter((cell) => cell.startsWith("'"))).toHaveLength(3)
  },
)

test('signs inside a text are not escaped', () => {
  expect(cellsOf(csvRow(lineOf('Smith-Jones + Co'))).slice(1, 3)).toEqual(['Smith-Jones + Co', 'Smith-Jones + Co'])
})

test('any text stays in its cell and its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const cells = cellsOf(csvRow(lineOf(text)))
      expect(cells).toHaveLength(6)
      expect(cells.some((cell) => /^\s*[=+\-@]/.test(cell))).toBe(false)
      expect(cells[1]?.replace(/^'/, '')).toBe(text.replace(/^'/, ''))
    }),
  )
})
