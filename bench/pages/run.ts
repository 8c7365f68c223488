import os from 'node:os'
import { Refusal } from '../../scripts/refusal.ts'
import { type Row, writeSection } from '../results.ts'
import { measureInteraction } from './interaction.ts'
import { measureRange } from './range.ts'
import { type Stage, setStage } from './stage.ts'
import { measureWeight } from './weight.ts'

const parts: Record<string, (stage: Stage) => Promise<Row[]>> = {
  weight: measureWeight,
  interaction: measureInteraction,
  range: measureRange,
}

/** All parts, and the results are written; or some by name, and they are only printed. */
export const measure = async (names: string[]): Promise<void> => {
  const unknown = names.find((name) => !parts[name])
  if (unknown) throw new Refusal(`There is no part ${unknown}, only ${Object.keys(parts).join(', ')}.`)
  const before = load()
  const stage = await setStage()
  const rows: Row[] = []
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (names.length > 0 && !names.includes(name)) continue
      const measured = await part(stage)
      for (const row of measured) print(row)
      rows.push(...measured)
    }
  } finally {
    await stage.stop()
  }
  if (names.length > 0) return
  const busy = `load ${before} before, ${load()} after (${os.availableParallelism()} = all cores busy)`
  await writeSection('pages', { rows, postgres: stage.postgres, busy })
  console.log('Written to bench/results.md.')
}

const load = () => os.loadavg()[0]?.toFixed(1) ?? '?'

const print = (row: Row) =>
  console.log(`${row.met ? 'met   ' : 'MISSED'} ${row.work}\n       ${row.measured}`)
