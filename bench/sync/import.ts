import { spawn } from 'node:child_process'
import path from 'node:path'
import { root } from '../../scripts/process/root.ts'
import type { Row } from '../results.ts'
import { median, ms, times } from '../statistics.ts'
import { addressOf } from './sizes.ts'
import { countRequests, linkBusiness, type Stage } from './stage.ts'

const most = { 10000: 5, 50000: 21 } as const

export const measureImport = async (stage: Stage, size: keyof typeof most): Promise<Row> => {
  const { connectionId } = await linkBusiness(stage, addressOf(size))
  const ask = (what: string, runs: number) => importInChild({ connectionId, what, runs })
  const pairs = await ask('both', size > 10_000 ? 4 : 6)
  // Memory in processes of their own: one import each, from a cold start.
  let engine = { peakMb: 0 }
  const requests = await countRequests(stage, async () => {
    engine = await ask('engine', 1)
  })
  const bare = await ask('floor', 1)
  const ratio = median(pairs.engine.map((value, n) => value / (pairs.floor[n] ?? Number.NaN)))
  return {
    work: `first import of ${size.toLocaleString('en')} events`,
    reach: `≤ 1.5 × the floor; ≤ ${most[size]} requests; memory flat`,
    measured: `${ms(median(pairs.engine))} = ${times(ratio)}; ${requests} requests; peak ${engine.peakMb} MB`,
    floor: `page, one upsert: ${ms(median(pairs.floor))}; peak ${bare.peakMb} MB`,
    met: ratio <= 1.5 && requests <= most[size],
  }
}

type Measured = { engine: number[]; floor: number[]; peakMb: number }

const importInChild = (order: { connectionId: string; what: string; runs: number }): Promise<Measured> => {
  const script = path.join(root, 'bench/sync/import-child.ts')
  const child = spawn(process.execPath, [script, order.connectionId, order.what, String(order.runs)], {
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
