import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { CliError, run } from './process/cli-error.ts'
import { dataFolder, root } from './process/root.ts'

// `npm run test:previous -- v0.2.0`: an earlier version's own tests, its code as it was, on a database that today's migrations
// made. What passes goes on working beside today's version while one takes the place of the other.

const checked = ['lib/appointments', 'lib/business', 'lib/google', 'lib/team', 'lib/sync']

await run(async () => {
  const [named, ...rest] = process.argv.slice(2)
  const commit = await git(
    'rev-parse',
    '--verify',
    '--quiet',
    `${named ?? (await beforeNewestSchema())}^{commit}`,
  ).catch(() => {
    throw new CliError(`There is no version ${named} in this repository: name a tag or a commit.`)
  })
  const folder = path.join(dataFolder, 'previous', commit.slice(0, 12))
  console.log(`The tests of ${await git('log', '-1', '--format=%h %s', commit)}`)
  await layOut(commit, folder)
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--project', 'integration', ...(rest.length > 0 ? rest : checked)]
  process.exitCode = await runNode(args, folder)
  if (process.exitCode === 0) await rm(folder, { recursive: true, force: true })
})

/** Without a name: the last commit that did not know the newest migration. */
async function beforeNewestSchema(): Promise<string> {
  return `${await git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'db/migrations/*.sql')}^`
}

/** Its tree, on today's packages, with today's migrations and what carries them out. */
async function layOut(commit: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const archive = path.join(folder, 'version.tar')
  await git('archive', '--output', archive, commit)
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder])
  for (const name of ['db/migrations', 'db/migrate.ts']) {
    await rm(path.join(folder, name), { recursive: true, force: true })
    await cp(path.join(root, name), path.join(folder, name), { recursive: true })
  }
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
}

async function git(...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd: root })).stdout.trim()
}

function runNode(args: string[], cwd: string): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
