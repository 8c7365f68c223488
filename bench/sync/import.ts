import { spawn } from 'node:child_process'
import path from 'node:path'
import { root } from '../../scripts/process/root.ts'
import { median, ms, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { countRequests, type Environment, linkBusiness } from './environment.ts'
import { addressOf } from './sizes.ts'

const maxRequests = { 10000: 5, 50000: 21 } as const

export const measureImport = async (environment: Environment, size: keyof typeof maxRequests): Promise<Row> => {
  const { syncedCalendarId } = await linkBusiness(environment, addressOf(size))
  const run = (mode: string, runs: number) => importInChild({ syncedCalendarId, mode, runs })
  const pairs = await run('both', size > 10_000 ? 4 : 6)
  // Peak memory is measured in separate processes, with one import each.
  let engine = { peakMb: 0 }
  const requests = await countRequests(environment, async () => {
    engine = await run('engine', 1)
  })
  const bare = await run('baseline', 1)
  const ratio = median(pairs.engine.map((value, n) => value / (pairs.baseline[n] ?? Number.NaN)))
  return {
    work: `first import of ${size.toLocaleString('en')} events`,
    target: `≤ 1.5 × the baseline; ≤ ${maxRequests[size]} requests; memory flat`,
    measured: `${ms(median(pairs.engine))} = ${times(ratio)}; ${requests} requests; peak ${engine.peakMb} MB`,
    baseline: `page, one upsert: ${ms(median(pairs.baseline))}; peak ${bare.peakMb} MB`,
    met: ratio <= 1.5 && requests <= maxRequests[size],
  }
}

type Measured = { engine: number[]; baseline: number[]; peakMb: number }

const importInChild = (order: { syncedCalendarId: string; mode: string; runs: number }): Promise<Measured> => {
  const script = path.join(root, 'bench/sync/import-child.ts')
  const child = spawn(process.execPath, [script, order.syncedCalendarId, order.mode, String(order.runs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(output.trim().split('\n').at(-1) ?? ''))
        : reject(new Error(`The import ended with code ${code}.`)),
    )
  })
}
