import { expect, test } from 'vitest'
import { fitsInPage } from './fits-in-page.ts'

const rows = ({ appointments = 0, occurrences = 0, clashes = 0 }) => ({
  appointments: Array.from({ length: appointments }, (_, n) => ({ clashes: n === 0 ? Array(clashes).fill({}) : [] })),
  occurrences: Array(occurrences).fill({}),
})

test.each([
  [{}, true],
  [{ appointments: 1000 }, true],
  [{ appointments: 1001 }, false],
  [{ occurrences: 1000 }, true],
  [{ occurrences: 1001 }, false],
  [{ appointments: 400, occurrences: 400, clashes: 200 }, true],
  [{ appointments: 400, occurrences: 400, clashes: 201 }, false],
])('%j: %s', (counts, fits) => {
  expect(fitsInPage(rows(counts))).toBe(fits)
})
