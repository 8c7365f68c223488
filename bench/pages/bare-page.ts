import { cp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { nextBinary } from '../../scripts/build.ts'
import { startChild, untilReady } from '../../scripts/process/children.ts'
import { CliError } from '../../scripts/process/cli-error.ts'
import { freePort } from '../../scripts/process/ports.ts'
import { dataFolder, root } from '../../scripts/process/root.ts'

const folder = path.join(dataFolder, 'bench-bare')

const config = `export default {
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: ${JSON.stringify(root)} },
}
`

// Next searches the folders above for both, and would take the product's.
const instrumentation = 'export const register = () => {}\n'
const proxy = `import { NextResponse } from 'next/server'
export const proxy = () => NextResponse.next()
export const config = { matcher: '/nowhere' }
`

/**
 * A production server whose only page is FullCalendar 7 in React and Next, with the installed
 * versions: what `/calendar` is compared with.
 */
export const startBarePage = async (): Promise<{ url: string; stop: () => Promise<void> }> => {
  await rm(folder, { recursive: true, force: true })
  await cp(path.join(import.meta.dirname, 'bare'), path.join(folder, 'app'), { recursive: true })
  await writeFile(path.join(folder, 'next.config.mjs'), config)
  await writeFile(path.join(folder, 'instrumentation.js'), instrumentation)
  await writeFile(path.join(folder, 'proxy.js'), proxy)
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const build = startChild({
    name: 'The build of the bare page',
    args: [nextBinary, 'build'],
    env,
    log: path.join(dataFolder, 'logs/bench-bare-build.log'),
    cwd: folder,
  })
  const { code } = await build.ended
  if (code !== 0) throw new CliError(`The bare page could not be built:\n${build.tail()}`)
  const port = await freePort()
  const url = `http://localhost:${port}`
  const server = startChild({
    name: 'The server of the bare page',
    args: [nextBinary, 'start', '--hostname', 'localhost', '--port', String(port)],
    env,
    log: path.join(dataFolder, 'logs/bench-bare.log'),
    cwd: folder,
  })
  await untilReady({ child: server, url, seconds: 60 })
  return { url, stop: () => server.stop() }
}
