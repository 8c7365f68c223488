import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { ensureBuild } from './build.ts'
import { type Count, countPlaywright, countVitest, formatCount, sum, withExitCode } from './checks/results.ts'
import { parseTestArguments } from './process/arguments.ts'
import { ensureBrowser } from './process/browser.ts'
import { run } from './process/cli-error.ts'
import { dataFolder, root } from './process/root.ts'
import { step } from './process/steps.ts'

// Runs units, integration and browser tests, and counts them all in its last line. `npm test --
// units` runs a part; arguments after the parts go to the runners, such as a file to run.

const report = (name: string) => path.join(dataFolder, 'results', `${name}.json`)

async function runVitest(projects: string[], rest: string[]): Promise<Count> {
  const file = report('vitest')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const chosen = projects.flatMap((name) => ['--project', name])
  const args = ['run', ...chosen, ...reporters, '--passWithNoTests', ...rest]
  return runTool({ script: 'vitest/vitest.mjs', args, file, count: countVitest })
}

async function runBrowser(rest: string[]): Promise<Count> {
  try {
    ensureBrowser()
    await step({
      name: 'Production build',
      work: ensureBuild,
      note: ({ built }) => (built ? undefined : 'up to date'),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const file = report('playwright')
  const args = ['test', '--pass-with-no-tests', ...rest]
  return runTool({ script: '@playwright/test/cli.js', args, file, count: countPlaywright })
}

type Tool<Report> = { script: string; args: string[]; file: string; count: (report: Report) => Count }

async function runTool<Report>({ script, args, file, count }: Tool<Report>): Promise<Count> {
  await rm(file, { force: true })
  const exitCode = await spawnNode([path.join(root, 'node_modules', script), ...args])
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return withExitCode({ exitCode, count: text === undefined ? undefined : count(JSON.parse(text)) })
}

// A run starts hundreds of processes with the same code: the first compiles it for the others.
const env = { NODE_COMPILE_CACHE: path.join(dataFolder, 'compile-cache'), ...process.env }

function spawnNode(args: string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

await run(async () => {
  const { parts, rest } = parseTestArguments(process.argv.slice(2))
  const projects = parts.filter((part) => part !== 'browser')
  const counts: Count[] = []
  if (projects.length > 0) counts.push(await runVitest(projects, rest))
  if (parts.includes('browser')) counts.push(await runBrowser(rest))
  const total = sum(counts)
  const isEmpty = total.passed + total.failed === 0
  if (isEmpty) console.log('\nNo test matches.')
  console.log(`\n${formatCount(total)}`)
  if (isEmpty || total.failed > 0) process.exitCode = 1
})
