import os from 'node:os'
import { Refusal } from '../../scripts/refusal.ts'
import { type Row, writeSection } from '../results.ts'
import { measureDelta } from './delta.ts'
import { measureImport } from './import.ts'
import { measurePush } from './push.ts'
import { measureSave } from './save.ts'
import { type Stage, setStage } from './stage.ts'
import { measureTick } from './tick.ts'

type Part = (stage: Stage) => Promise<Row[]>

const parts: Record<string, Part> = {
  import: async (stage) => [await measureImport(stage, 10_000), await measureImport(stage, 50_000)],
  delta: async (stage) => [await measureDelta(stage, 0), await measureDelta(stage, 10)],
  save: measureSave,
  push: async (stage) => [await measurePush(stage)],
  tick: async (stage) => [await measureTick(stage)],
}

/** All parts, and the results are written; or some by name, and they are only printed. */
export const measure = async (names: string[]): Promise<void> => {
  const unknown = names.find((name) => !parts[name])
  if (unknown) throw new Refusal(`There is no part ${unknown}, only ${Object.keys(parts).join(', ')}.`)
  leaveOutLogLines()
  const before = load()
  console.log('Filling calendars with 161,000 events, about half a minute…')
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
  await writeSection('sync', { rows, postgres: stage.postgres, busy })
  console.log('Written to bench/results.md.')
}

const load = () => os.loadavg()[0]?.toFixed(1) ?? '?'

const print = (row: Row) =>
  console.log(
    `${row.met ? 'met   ' : 'MISSED'} ${row.work}\n       ${row.measured}\n       floor: ${row.floor}`,
  )

/** The product's own lines on stdout, one per request, would drown the figures. */
const leaveOutLogLines = () => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) =>
    typeof chunk === 'string' && chunk.startsWith('{"at":') ? true : write(chunk, ...rest)) as typeof write
}
