import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { nextBinary } from './build.ts'
import { CliError, run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'
import { root } from './process/root.ts'

await run(async () => {
  const { PORT } = requireEnv()
  if (!existsSync(path.join(root, '.next/BUILD_ID')))
    throw new CliError('There is no production build yet: run npm run build first.')
  // Node strips the types of next.config.ts: the image contains no compiler.
  const stripTypes = '--experimental-next-config-strip-types'
  process.exitCode = await runServer(['start', stripTypes, '--port', String(PORT), ...process.argv.slice(2)])
})

/** Forwards signals to the server, which drains and ends itself; resolves to its exit code. */
async function runServer(args: string[]): Promise<number> {
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_MANUAL_SIG_HANDLE: '1' }
  const server = spawn(process.execPath, [nextBinary, ...args], { cwd: root, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 0)))
  })
}
