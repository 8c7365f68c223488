import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { root } from '../scripts/process/root.ts'
import { type Row, tableLines } from './table.ts'

const file = path.join(root, 'bench/results.md')

/** Replaces the section of a suite; keeps the others, and the text below its `<!-- notes -->`. */
export const writeSection = async (
  suite: string,
  section: { rows: Row[]; postgres: string; busy: string },
): Promise<void> => {
  const current = await readFile(file, 'utf8').catch(() => '# Measured\n')
  const parts = current.split(/^(?=## )/m)
  const before = parts.find((part) => part.startsWith(`## ${suite}\n`))
  const notes = before?.split('<!-- notes -->\n')[1]?.trim() ?? ''
  const text = render(suite, section, notes)
  const next = before
    ? parts.map((part) => (part === before ? text : part)).join('')
    : `${current.trimEnd()}\n\n${text}`
  await writeFile(file, `${next.trimEnd()}\n`)
}

const render = (
  suite: string,
  { rows, postgres, busy }: { rows: Row[]; postgres: string; busy: string },
  notes: string,
) =>
  [
    `## ${suite}\n`,
    `${new Date().toISOString().slice(0, 10)} · ${machine()}`,
    `· ${postgres} · ${busy}\n`,
    ...tableLines(rows),
    `\n<!-- notes -->\n\n${notes}\n\n`,
  ].join('\n')

const machine = () => {
  const [cpu] = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  return `${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory} GiB, ${os.platform()} ${os.arch()}, Node ${process.versions.node}`
}
