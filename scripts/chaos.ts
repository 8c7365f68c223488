import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { CliError, run } from './process/cli-error.ts'
import { root } from './process/root.ts'

// `npm run test:chaos -- --runs 5000` runs testing/chaos/chaos.db.test.ts with more scenarios and a
// random seed. `--seed N --path P` replays one scenario, `--shrink` searches for a shorter one that
// fails too.

await run(async () => {
  const { runs, seed, path: replay, shrink } = readArguments()
  const env = {
    ...process.env,
    CHAOS_RUNS: String(wholeNumber('runs', runs)),
    CHAOS_SEED: String(seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : wholeNumber('seed', seed)),
    ...(replay && { CHAOS_PATH: replay }),
    ...(shrink && { CHAOS_SHRINK: '1' }),
  }
  console.log(`${env.CHAOS_RUNS} scenarios, seed ${env.CHAOS_SEED}`)
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--project', 'integration', 'testing/chaos/chaos.db.test.ts']
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
})

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string', default: '500' },
        seed: { type: 'string' },
        path: { type: 'string' },
        shrink: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw new CliError(`--${name} must be a whole number, not ${text}.`)
  return Number(text)
}
