import os from 'node:os'
import { CliError } from '../scripts/process/cli-error.ts'
import { writeSection } from './results.ts'
import type { Row } from './table.ts'

type Suite<Environment> = {
  name: string
  parts: Record<string, (environment: Environment) => Promise<Row[]>>
  startEnvironment: () => Promise<Environment>
}

/** Measures all parts and writes the results, or measures the named parts and only prints them. */
export const measureParts = async <Environment extends { postgres: string; stop: () => Promise<void> }>(
  { name, parts, startEnvironment }: Suite<Environment>,
  names: string[],
): Promise<void> => {
  const unknown = names.find((each) => !parts[each])
  if (unknown) throw new CliError(`Unknown part ${unknown}: use ${Object.keys(parts).join(', ')}.`)
  const before = load()
  const environment = await startEnvironment()
  const rows: Row[] = []
  try {
    for (const [each, part] of Object.entries(parts)) {
      if (names.length > 0 && !names.includes(each)) continue
      const measured = await part(environment)
      for (const row of measured) print(row)
      rows.push(...measured)
    }
  } finally {
    await environment.stop()
  }
  if (names.length > 0) return
  const busy = `load ${before} before, ${load()} after (${os.availableParallelism()} = all cores busy)`
  await writeSection(name, { rows, postgres: environment.postgres, busy })
  console.log('Written to bench/results.md.')
}

const load = () => os.loadavg()[0]?.toFixed(1) ?? '?'

const print = ({ met, work, measured, baseline }: Row) =>
  console.log(`${met ? 'met   ' : 'MISSED'} ${work}\n       ${measured}\n       baseline: ${baseline}`)
