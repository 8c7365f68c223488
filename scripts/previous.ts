import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { CliError, run } from './process/cli-error.ts'
import { dataFolder, root } from './process/root.ts'

// `npm run test:previous -- v0.2.0` runs the tests of an earlier version, with that version's code,
// on a database made by today's migrations: the earlier version keeps working while servers are
// replaced.

const migrations = path.join(root, 'db/migrations')

const testedFolders = [
  'lib/appointments',
  'lib/business',
  'lib/connection',
  'lib/google',
  'lib/jobs',
  'lib/sync',
  'lib/team',
]

await run(async () => {
  const [named, ...rest] = process.argv.slice(2)
  const version = named ?? (await beforeNewestMigration())
  if (!version) {
    console.log('There is one migration only, so there is no earlier version to test.')
    return
  }
  const commit = await resolveCommit(version)
  const folder = path.join(dataFolder, 'previous', commit.slice(0, 12))
  console.log(`The tests of ${await git('log', '-1', '--format=%h %s', commit)}`)
  await checkOut(commit, folder)
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--project', 'integration', ...(rest.length > 0 ? rest : testedFolders)]
  process.exitCode = await runNode(args, folder)
  if (process.exitCode === 0) await rm(folder, { recursive: true, force: true })
})

/** The last commit without the newest migration; none if that is the first migration. */
async function beforeNewestMigration(): Promise<string | undefined> {
  const names = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).sort()
  if (names.length < 2) return undefined
  const file = `db/migrations/${names.at(-1)}`
  const added = await git('log', '-1', '--diff-filter=A', '--format=%H', '--', file)
  return added ? `${added}^` : 'HEAD'
}

/** The commit of a version whose migrations are the first of today's. */
async function resolveCommit(version: string): Promise<string> {
  const commit = await git('rev-parse', '--verify', '--quiet', `${version}^{commit}`).catch(() => {
    throw new CliError(`There is no version ${version} in this repository: name a tag or a commit.`)
  })
  const listed = await git('ls-tree', '--name-only', commit, 'db/migrations/')
  const earlier = listed.split('\n').filter((file) => file.endsWith('.sql'))
  const today = await readdir(migrations)
  if (earlier.length === 0 || !earlier.every((file) => today.includes(path.basename(file))))
    throw new CliError(`${version} has migrations that today's version does not have: name a later one.`)
  return commit
}

/** The version's files, with today's packages, migrations and migrate.ts. */
async function checkOut(commit: string, folder: string): Promise<void> {
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
