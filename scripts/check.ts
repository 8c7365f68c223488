import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { envDocument, withEnvTable } from './checks/env-table.ts'
import { checkGlossary } from './checks/glossary.ts'
import { checkFolders, checkImports } from './checks/imports.ts'
import { checkLineWidth } from './checks/line-width.ts'
import { checkRetiredWords, checkVagueActors } from './checks/retired-words.ts'
import { listFiles, readFiles, type TextFile } from './checks/tracked-files.ts'
import { flags } from './process/arguments.ts'
import { run } from './process/cli-error.ts'
import { root } from './process/root.ts'
import { formatStep } from './process/steps.ts'

// `npm run check` runs every check. `npm run docs:env` writes the list of variables that one of
// them compares.

type Check = { name: string; work: () => Promise<string[]> }

/** Written by tools, or a list of the very words that are looked for. */
const notProse =
  /\.(png|svg)$|^package-lock\.json$|^db\/migrations\/meta\/|^testing\/api\/client\/schema\.d\.ts$|^scripts\/checks\/retired-words(\.test)?\.ts$/

const checks = (files: string[], texts: TextFile[]): Check[] => [
  { name: 'Format and lint', work: () => runTool('biome', ['ci', '--colors=off']) },
  { name: 'Types', work: () => runTool('tsc', ['-p', '.', '--pretty', 'false']) },
  { name: 'Unused files, exports, packages', work: () => runTool('knip', ['--no-progress']) },
  { name: 'Imports', work: async () => checkImports(texts) },
  { name: 'Folders', work: async () => checkFolders(files) },
  { name: 'Retired words', work: async () => [...checkRetiredWords(texts), ...checkVagueActors(texts)] },
  { name: 'Glossary', work: async () => checkGlossary(texts) },
  { name: 'Comments and Markdown lines', work: async () => checkLineWidth(texts) },
  { name: 'List of variables', work: checkEnvTable },
]

/** Prints the check's line, then its problems. Later checks run even if this one failed. */
async function check({ name, work }: Check): Promise<boolean> {
  const started = performance.now()
  const problems = await work()
  const result = problems.length === 0 ? 'passed' : 'FAILED'
  console.log(formatStep(name, (performance.now() - started) / 1000, result))
  if (problems.length > 0) console.log(`\n${problems.join('\n')}\n`)
  return problems.length === 0
}

async function checkEnvTable(): Promise<string[]> {
  const document = await readFile(path.join(root, envDocument), 'utf8')
  if (withEnvTable(document) === document) return []
  return [`The variables in ${envDocument} differ from lib/env.ts: run npm run docs:env.`]
}

async function writeEnvTable(): Promise<void> {
  const file = path.join(root, envDocument)
  await writeFile(file, withEnvTable(await readFile(file, 'utf8')))
}

/** The tool's output if it failed, else nothing. */
function runTool(name: string, args: string[]): Promise<string[]> {
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
    tool.once('close', (code) => resolve(code === 0 ? [] : [output.trim()]))
  })
}

async function runChecks(): Promise<void> {
  const files = await listFiles()
  const all = checks(files, await readFiles(files.filter((file) => !notProse.test(file))))
  let failed = 0
  for (const each of all) if (!(await check(each))) failed++
  console.log(failed === 0 ? '\nAll checks passed.' : `\n${failed} of ${all.length} checks failed.`)
  if (failed > 0) process.exitCode = 1
}

await run(async () => {
  const { 'write-env': write } = flags(process.argv.slice(2), ['write-env'])
  await (write ? writeEnvTable() : runChecks())
})
