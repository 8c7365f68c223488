import { startWorker } from '#lib/jobs/worker.ts'
import { routeConsoleToLog } from '#lib/observe/console.ts'
import { ignoreOutputErrors, log, nameOfError } from '#lib/observe/log.ts'
import { startTelemetry } from '#lib/observe/telemetry.ts'
import { run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

await run(async () => {
  const { DATABASE_URL, DATABASE_URL_UNPOOLED } = requireEnv()
  ignoreOutputErrors()
  routeConsoleToLog()
  // The queue does not wait for its own note that a job has ended: without a database it fails, and the next tick looks again.
  process.on('unhandledRejection', (error) => log('error', 'unhandled', { error: nameOfError(error) }))
  process.on('uncaughtException', (error) => {
    log('error', 'uncaught', { error: nameOfError(error) })
    process.exit(1)
  })
  // Listened for before there is anything to finish: it takes up work while it starts.
  const stop = asked()
  await startTelemetry()
  const worker = await startWorker({
    databaseUrl: DATABASE_URL_UNPOOLED ?? DATABASE_URL,
    direct: DATABASE_URL_UNPOOLED !== undefined,
  })
  log('info', 'worker.started')
  await stop
  await worker.stop()
})

function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}
