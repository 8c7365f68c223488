import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { CliError, run } from './process/cli-error.ts'
import { root } from './process/root.ts'

// `npm run test:chaos -- --runs 5000` runs testing/chaos/chaos.db.test.ts with more scenarios and a
// random seed. `--seed N --path P` replays one scenario, `--shrink` searches for a shorter one that
// fails too, `--all` goes on after a failure and lists all at the end. With `--team` it runs
// testing/chaos/team, with several calendars; with `--answers` testing/answers-fuzz, where `--runs`
// is the number of odd answers, `--asking NAME` limits their kinds and `--batch JSON` repeats some.
// `--processes 2` shares the scenarios among two processes; seed and paths stay the same.

const suites = {
  one: { prefix: 'CHAOS', file: 'testing/chaos/chaos.db.test.ts' },
  team: { prefix: 'TEAM', file: 'testing/chaos/team/team.db.test.ts' },
  answers: { prefix: 'FUZZ', file: 'testing/answers-fuzz/answers-fuzz.db.test.ts' },
}

await run(async () => {
  const { answers, team, path: replay, batch, asking, shrink, all, ...given } = readArguments()
  const runs = wholeNumber('runs', given.runs)
  const seed = given.seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : wholeNumber('seed', given.seed)
  const processes = replay || answers ? 1 : wholeNumber('processes', given.processes)
  const { prefix, file } = answers ? suites.answers : team ? suites.team : suites.one
  const env = {
    ...process.env,
    [`${prefix}_RUNS`]: String(runs),
    [`${prefix}_SEED`]: String(seed),
    ...(replay && { [`${prefix}_PATH`]: replay }),
    ...(batch && { [`${prefix}_BATCH`]: batch }),
    ...(asking && { [`${prefix}_ASKING`]: JSON.stringify(asking) }),
    ...(shrink && { [`${prefix}_SHRINK`]: '1' }),
    ...(all && { [`${prefix}_ALL`]: '1' }),
  }
  console.log(`${runs} ${answers ? 'answers' : 'scenarios'}, seed ${seed}`)
  const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'integration', file]
  const runShare = (_: unknown, first: number) =>
    runVitest(args, { ...env, [`${prefix}_SHARE`]: `${first}/${processes}` })
  process.exitCode = Math.max(...(await Promise.all(Array.from({ length: processes }, runShare))))
})

function runVitest(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string', default: '500' },
        seed: { type: 'string' },
        path: { type: 'string' },
        batch: { type: 'string' },
        asking: { type: 'string', multiple: true },
        processes: { type: 'string', default: '1' },
        shrink: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        answers: { type: 'boolean', default: false },
        team: { type: 'boolean', default: false },
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
