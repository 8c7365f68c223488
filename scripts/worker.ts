import { isDriverPatched, unpatchedDriver } from '#db/driver.ts'
import { startWorker } from '#lib/jobs/worker.ts'
import { routeConsoleToLog } from '#lib/observe/console.ts'
import { ignoreOutputErrors, log, nameOfError } from '#lib/observe/log.ts'
import { startTelemetry } from '#lib/observe/telemetry.ts'
import { CliError, run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

await run(async () => {
  const { DATABASE_URL, DATABASE_URL_UNPOOLED } = requireEnv()
  if (!isDriverPatched()) throw new CliError(unpatchedDriver)
  ignoreOutputErrors()
  routeConsoleToLog()
  // graphile-worker does not await its update of a finished job. Without a database that update
  // rejects; the next tick queues the calendar again.
  process.on('unhandledRejection', (error) => log('error', 'unhandled', { error: nameOfError(error) }))
  process.on('uncaughtException', (error) => {
    log('error', 'uncaught', { error: nameOfError(error) })
    process.exit(1)
  })
  // The worker takes jobs while it starts, so signals are handled from here on.
  const stopSignal = receiveStopSignal()
  await startTelemetry()
  const worker = await startWorker({
    databaseUrl: DATABASE_URL_UNPOOLED ?? DATABASE_URL,
    direct: DATABASE_URL_UNPOOLED !== undefined,
  })
  log('info', 'worker.started')
  await stopSignal
  await worker.stop()
})

function receiveStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}
