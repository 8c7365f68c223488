import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Database } from '#db/client.ts'
import type { Google } from '../../emulator/server.ts'
import { root } from '../../scripts/process/root.ts'
import { type ActiveCalendar, addEvent } from './seed.ts'

/** `lags`: milliseconds from each push notification to the end of its sync run. */
export type Converged = { seconds: number; perSecond: number; workerMegabytes: number; lags: number[] }

/**
 * Changes every given calendar, sends the push notifications at once or spread over a time, and
 * measures until all are synced.
 */
export const converge = async (
  database: Database,
  google: Google,
  options: { active: ActiveCalendar[]; workers: number; latencyMs: number; overSeconds: number },
): Promise<Converged> => {
  const workers = await Promise.all(Array.from({ length: options.workers }, startWorker))
  google.world.faults.push({
    match: { path: '/calendar/' },
    kind: 'latency',
    milliseconds: options.latencyMs,
  })
  for (const { email } of options.active) addEvent(google.person, email)
  const ids = options.active.map(({ syncedCalendarId }) => syncedCalendarId)
  const before = await countEvents(database, ids)
  const started = performance.now()
  const notified = new Map<string, number>()
  const lags: number[] = []
  const sending = sendNotifications(database, { ids, notified, seconds: options.overSeconds })
  for (let left = ids.length; left > 0; left = ids.length - lags.length) {
    const dirty = await readDirty(database)
    for (const [id, at] of notified)
      if (!dirty.has(id)) {
        lags.push(performance.now() - at)
        notified.delete(id)
      }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await sending
  const seconds = (performance.now() - started) / 1000
  const workerMegabytes = Math.max(...(await Promise.all(workers.map(megabytes))))
  await Promise.all(workers.map(stop))
  google.world.faults.length = 0
  if ((await countEvents(database, ids)) !== before + ids.length) throw new Error('A change was lost.')
  return { seconds, perSecond: ids.length / seconds, workerMegabytes, lags }
}

const sliceMs = 100

/** Push notifications of all calendars, evenly over `seconds`; all at once if it is 0. */
const sendNotifications = async (
  { sql }: Database,
  { ids, notified, seconds }: { ids: string[]; notified: Map<string, number>; seconds: number },
) => {
  const slices = Math.max(1, Math.round((seconds * 1000) / sliceMs))
  const started = performance.now()
  for (let n = 0; n < slices; n++) {
    const slice = ids.filter((_, index) => index % slices === n)
    const wait = started + n * sliceMs - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    if (slice.length === 0) continue
    await sql.begin(async (tx) => {
      await tx`update sync_requests set requested = requested + 1, last_notification_at = now() where synced_calendar_id in ${tx(slice)}`
      await tx`
        select graphile_worker.add_job('sync-calendar', json_build_object('syncedCalendarId', id),
          job_key => 'sync:' || id, max_attempts => 25) from unnest(${slice}::text[]) id`
    })
    for (const id of slice) notified.set(id, performance.now())
  }
}

const readDirty = async ({ sql }: Database) => {
  const rows = await sql<{ id: string }[]>`
    select synced_calendar_id as id from sync_requests where requested > processed`
  return new Set(rows.map(({ id }) => id))
}

const countEvents = async ({ sql }: Database, ids: string[]) => {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from google_events where synced_calendar_id in ${sql(ids)}`
  return row?.count ?? 0
}

const startWorker = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [path.join(root, 'scripts/worker.ts')], {
    cwd: root,
    // There is no pooler.
    env: { ...process.env, DATABASE_URL_UNPOOLED: process.env.DATABASE_URL },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve) =>
    lines.on('line', (line) => line.includes('"event":"worker.started"') && resolve()),
  )
  return child
}

const megabytes = async ({ pid }: ChildProcess) => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

const stop = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
