import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Database } from '#db/client.ts'
import type { Google } from '../../emulator/server.ts'
import { root } from '../../scripts/root.ts'
import { addEvent, type Lively } from './seed.ts'

export type Converged = { seconds: number; perSecond: number; workerMegabytes: number }

/** A change in every given calendar and every bell at once; how long until all of them are read, with so many workers. */
export const converge = async (
  database: Database,
  google: Google,
  options: { lively: Lively[]; workers: number; latencyMs: number },
): Promise<Converged> => {
  const { sql } = database
  const workers = await Promise.all(Array.from({ length: options.workers }, startWorker))
  google.world.faults.push({
    match: { path: '/calendar/' },
    kind: 'latency',
    milliseconds: options.latencyMs,
  })
  for (const { email } of options.lively) addEvent(google.person, email)
  const before = await countEvents(database)
  const ids = options.lively.map(({ connectionId }) => connectionId)
  const begun = performance.now()
  await sql.begin(async (tx) => {
    await tx`update sync_marks set requested = requested + 1, last_ring_at = now() where connection_id in ${tx(ids)}`
    await tx`
      select graphile_worker.add_job('sync-connection', json_build_object('connectionId', id),
        job_key => 'sync:' || id, max_attempts => 25) from unnest(${ids}::text[]) id`
  })
  while ((await behind(database)) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  const seconds = (performance.now() - begun) / 1000
  const workerMegabytes = Math.max(...(await Promise.all(workers.map(megabytes))))
  await Promise.all(workers.map(stop))
  google.world.faults.length = 0
  if ((await countEvents(database)) !== before + ids.length) throw new Error('A change was lost.')
  return { seconds, perSecond: ids.length / seconds, workerMegabytes }
}

const behind = async ({ sql }: Database) => {
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from sync_marks where requested > processed`
  return row?.count ?? 0
}

const countEvents = async ({ sql }: Database) => {
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from google_events where title = 'Changed'`
  return row?.count ?? 0
}

const startWorker = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [path.join(root, 'scripts/worker.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve) => lines.on('line', (line) => line.startsWith('The worker') && resolve()))
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
