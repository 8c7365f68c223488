/** Runs once per server process. A long-lived server also runs the worker, unless it is off. */
export const register = async () => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { exitIfUnpatched } = await import('#db/driver.ts')
  const { env, isDirect, isServerless, sessionDatabaseUrl } = await import('#lib/env.ts')
  const { routeConsoleToLog } = await import('#lib/observe/console.ts')
  const { ignoreOutputErrors } = await import('#lib/observe/log.ts')
  const { slowLongBodies } = await import('#lib/observe/long-bodies.ts')
  const { logRequests } = await import('#lib/observe/requests.ts')
  const { startTelemetry } = await import('#lib/observe/telemetry.ts')
  exitIfUnpatched()
  ignoreOutputErrors()
  // The development server prints for a developer.
  if (process.env.NODE_ENV === 'production') routeConsoleToLog()
  await startTelemetry()
  if (isServerless()) return logRequests(() => {})
  slowLongBodies()
  const { database } = await import('#db/client.ts')
  const { DATABASE_URL } = env()
  database(DATABASE_URL, { direct: isDirect(DATABASE_URL) })
  const { stopOnSignal } = await import('#lib/observe/shutdown.ts')
  if (env().WORKER_IN_SERVER === 'off') return logRequests(stopOnSignal())
  const { startWorker } = await import('#lib/jobs/worker.ts')
  const databaseUrl = sessionDatabaseUrl()
  logRequests(stopOnSignal(await startWorker({ databaseUrl, direct: isDirect(databaseUrl) })))
}
