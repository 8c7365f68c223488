/** A long-lived server works off the queue inside its own process; where nothing outlives a request the cron route does. */
export const register = async () => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { isServerless, sessionDatabaseUrl } = await import('#lib/env.ts')
  if (isServerless()) return
  const { startWorker } = await import('#lib/sync/worker.ts')
  await startWorker({ databaseUrl: sessionDatabaseUrl() })
}
