/** One measurement of a suite, as texts for a table. */
export type Row = {
  work: string
  target: string
  measured: string
  /** Cost of the same work without the engine, measured in the same run. */
  baseline: string
  /** Whether the target was met. */
  met: boolean
}

type Cells = [work: string, measured: string, target: string, met: string]

const widths = { work: 44, measured: 36, target: 20 }

/**
 * A Markdown table of at most 120 columns: parts after a semicolon, and words that do not fit, go
 * into rows below. The baseline is a row of its own.
 */
export const tableLines = (rows: Row[]): string[] => [
  '| work | measured | target | met |',
  '|---|---|---|---|',
  ...rows.flatMap(rowLines),
]

const rowLines = ({ work, measured, target, baseline, met }: Row): string[] => [
  ...linesOf([work, measured, target, met ? 'yes' : '**no**']),
  ...(baseline === '—' ? [] : linesOf(['baseline', baseline, '', ''])),
]

const linesOf = ([work, measured, target, met]: Cells): string[] => {
  const columns = [
    wrapped(work, widths.work),
    partsOf(measured).flatMap((part) => wrapped(part, widths.measured)),
    partsOf(target).flatMap((part) => wrapped(part, widths.target)),
    [met],
  ]
  const height = Math.max(...columns.map((cells) => cells.length))
  return Array.from({ length: height }, (_, n) => `| ${columns.map((cells) => cells[n] ?? '').join(' | ')} |`)
}

const partsOf = (text: string) => text.split('; ')

const wrapped = (text: string, width: number): string[] => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last && last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}
