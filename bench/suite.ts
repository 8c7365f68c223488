import os from 'node:os'
import { CliError } from '../scripts/process/cli-error.ts'
import { type Row, writeSection } from './results.ts'

type Suite<Stage> = {
  name: string
  parts: Record<string, (stage: Stage) => Promise<Row[]>>
  setStage: () => Promise<Stage>
}

/** All parts, and the results are written; or some by name, and they are only printed. */
export const measureParts = async <Stage extends { postgres: string; stop: () => Promise<void> }>(
  { name, parts, setStage }: Suite<Stage>,
  names: string[],
): Promise<void> => {
  const unknown = names.find((each) => !parts[each])
  if (unknown) throw new CliError(`There is no part ${unknown}, only ${Object.keys(parts).join(', ')}.`)
  const before = load()
  const stage = await setStage()
  const rows: Row[] = []
  try {
    for (const [each, part] of Object.entries(parts)) {
      if (names.length > 0 && !names.includes(each)) continue
      const measured = await part(stage)
      for (const row of measured) print(row)
      rows.push(...measured)
    }
  } finally {
    await stage.stop()
  }
  if (names.length > 0) return
  const busy = `load ${before} before, ${load()} after (${os.availableParallelism()} = all cores busy)`
  await writeSection(name, { rows, postgres: stage.postgres, busy })
  console.log('Written to bench/results.md.')
}

const load = () => os.loadavg()[0]?.toFixed(1) ?? '?'

const print = ({ met, work, measured, floor }: Row) =>
  console.log(`${met ? 'met   ' : 'MISSED'} ${work}\n       ${measured}\n       floor: ${floor}`)
