import { spawn } from 'node:child_process'
import path from 'node:path'
import { checkLayers, readProduct } from './checks/import-rules.ts'
import { run } from './process/cli-error.ts'
import { root } from './process/root.ts'
import { formatStep } from './process/steps.ts'

type Check = { name: string; work: () => Promise<{ passed: boolean; output: string }> }

const checks: Check[] = [
  { name: 'Format, lint, direct imports, cycles', work: () => runTool('biome', ['ci', '--colors=off']) },
  { name: 'Types', work: () => runTool('tsc', ['-p', '.', '--pretty', 'false']) },
  { name: 'Unused files, exports, packages', work: () => runTool('knip', ['--no-progress']) },
  { name: 'What an import reaches', work: layers },
]

/** Runs them all, whatever fails; what a failed one says follows its line. */
async function check({ name, work }: Check): Promise<boolean> {
  const started = performance.now()
  const { passed, output } = await work()
  console.log(formatStep(name, (performance.now() - started) / 1000, passed ? 'passed' : 'FAILED'))
  if (!passed) console.log(`\n${output.trim()}\n`)
  return passed
}

async function layers() {
  const sentences = checkLayers(await readProduct(root))
  return { passed: sentences.length === 0, output: sentences.join('\n') }
}

function runTool(name: string, args: string[]): Promise<{ passed: boolean; output: string }> {
  const tool = spawn(path.join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
  }
  tool.stdout.on('data', keep)
  tool.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    tool.once('error', reject)
    tool.once('close', (code) => resolve({ passed: code === 0, output }))
  })
}

await run(async () => {
  let failed = 0
  for (const each of checks) if (!(await check(each))) failed++
  console.log(failed === 0 ? '\nAll checks passed.' : `\n${failed} of ${checks.length} checks failed.`)
  if (failed > 0) process.exitCode = 1
})
