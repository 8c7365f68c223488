import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hashSources } from './checks/sources.ts'
import { startChild } from './process/children.ts'
import { CliError } from './process/cli-error.ts'
import { withLock } from './process/lock.ts'
import { dataFolder, root } from './process/root.ts'

export const nextBinary = path.join(root, 'node_modules/next/dist/bin/next')

const stampFile = path.join(root, '.next/source-hash.json')

/** Makes the production build unless the last one has the same sources; `built` says which. */
export async function ensureBuild(): Promise<{ built: boolean }> {
  return withLock(path.join(dataFolder, 'build.lock'), async () => {
    const hash = await hashSources(root)
    if (await isUpToDate(hash)) return { built: false }
    await build()
    await writeFile(stampFile, JSON.stringify({ hash, buildId: await buildId() }))
    return { built: true }
  })
}

async function build(): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const child = startChild({
    name: 'The production build',
    args: [nextBinary, 'build'],
    env,
    log: path.join(dataFolder, 'logs/build.log'),
  })
  const { code } = await child.ended
  if (code !== 0) throw new CliError(`The production build failed:\n${child.tail()}`)
}

/** The build id is compared too: a later `npm run build` leaves the stamp of an older one. */
async function isUpToDate(hash: string): Promise<boolean> {
  const stamp = JSON.parse(await readFile(stampFile, 'utf8').catch(() => '{}'))
  return stamp.hash === hash && stamp.buildId !== undefined && stamp.buildId === (await buildId())
}

async function buildId(): Promise<string | undefined> {
  return readFile(path.join(root, '.next/BUILD_ID'), 'utf8').catch(() => undefined)
}
