import { database } from '#db/client.ts'
import { readLag } from '#db/queries/sync/jobs.ts'
import { env } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { isStopping } from '#lib/observe/stopping.ts'

export type Health =
  | { ok: true; database: 'up'; migrated: true; queueLagSeconds: number; oldestOverdueSyncSeconds: number }
  | { ok: false; database: 'up' | 'down'; migrated: boolean }
  | { ok: false; stopping: true }

export const healthOf = async (): Promise<Health> => {
  if (isStopping()) return { ok: false, stopping: true }
  try {
    const lag = await readLag(database(env().DATABASE_URL).db)
    return lag ? { ok: true, database: 'up', migrated: true, ...lag } : { ok: false, database: 'up', migrated: false }
  } catch (error) {
    log('error', 'health.database', { error: nameOfError(error) })
    return { ok: false, database: 'down', migrated: false }
  }
}
