import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { ensureFresh } from '#lib/jobs/freshness.ts'
import { startWorker } from '#lib/jobs/worker.ts'
import { median, ms, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import { addAccount, type Environment, type Linked, linkBusiness, slowDown } from './environment.ts'

const saves = 40
let slot = 0

/** Books the next free half hour like the form, freshness check included. */
const save = async ({ database }: Environment, linked: Linked): Promise<void> => {
  await ensureFresh(linked.businessId)
  const start = Date.UTC(2028, 0, 1) + slot++ * 1_800_000
  const fields = {
    title: 'Blocked drain',
    start: new Date(start).toISOString().replace('.000Z', 'Z'),
    end: new Date(start + 1_800_000).toISOString().replace('.000Z', 'Z'),
    location: '12 Pittwater Rd, Manly',
    notes: '',
    customerName: 'K. Ng',
    customerPhone: '',
    customerEmail: '',
    assigneeIds: [linked.memberId],
  }
  const applied = await changeAppointmentRow(tenantDb(database, linked.businessId), {
    businessId: linked.businessId,
    member: { id: linked.memberId, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields },
    bookAnyway: false,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(`The booking was refused: ${applied.code}.`)
}

const untilIdle = async ({ database }: Environment): Promise<void> => {
  for (;;) {
    const busy = await database.sql`
      select from sync_requests where requested > processed union all select from graphile_worker.jobs where run_at <= now()`
    if (busy.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export const measureSave = async (environment: Environment): Promise<Row[]> => {
  const linked = await linkBusiness(environment, await addAccount(environment, 'saver'))
  const worker = await startWorker({ databaseUrl: process.env.DATABASE_URL ?? '', direct: true })
  try {
    await untilIdle(environment)
    const requestDelays = await measureRequestDelay(environment, linked)
    const notify = await measureNotify(environment)
    const [fast, slow] = [await measureSaves(environment, linked, 0), await measureSaves(environment, linked, 500)]
    return [
      {
        work: 'save → request to Google',
        target: '< 15 ms median after commit',
        measured: `${ms(median(requestDelays))} (median of ${requestDelays.length})`,
        baseline: `NOTIFY, its commit and its delivery: ${ms(notify)}`,
        met: median(requestDelays) < 15,
      },
      {
        work: 'save, as the user sees it, at 0 and 500 ms of latency at Google',
        target: 'equal: no round trip to Google in it',
        measured: `${ms(median(fast))} and ${ms(median(slow))}`,
        baseline: '—',
        met: median(slow) < median(fast) + 10,
      },
    ]
  } finally {
    await slowDown(environment, 0)
    await untilIdle(environment)
    await worker.stop()
  }
}

const measureRequestDelay = async (environment: Environment, linked: Linked): Promise<number[]> => {
  let onSent: ((at: number) => void) | undefined
  const onRequest = (path: string, method: string) => {
    if (method === 'POST' && path.endsWith('/events')) onSent?.(performance.now())
  }
  // The client may use Node's fetch or its http module.
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { path: string; method: string } }
    onRequest(request.path.split('?')[0] ?? '', request.method)
  })
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: { path: string; method: string } }
    onRequest(request.path.split('?')[0] ?? '', request.method)
  })
  const durations: number[] = []
  for (let n = 0; n < saves; n++) {
    const sent = new Promise<number>((resolve) => {
      onSent = resolve
    })
    await save(environment, linked)
    const committed = performance.now()
    durations.push((await sent) - committed)
    await untilIdle(environment)
  }
  return durations.slice(3)
}

/** Time from NOTIFY in one session to its arrival in another. */
const measureNotify = async ({ database }: Environment): Promise<number> => {
  const durations: number[] = []
  let onNotify: (() => void) | undefined
  const { unlisten } = await database.sql.listen('bench_notify', () => onNotify?.())
  for (let n = 0; n < saves; n++) {
    const arrived = new Promise<void>((resolve) => {
      onNotify = resolve
    })
    durations.push(
      await timed(async () => {
        await database.sql.notify('bench_notify', '')
        await arrived
      }),
    )
  }
  await unlisten()
  return median(durations)
}

/** Sequential saves, while the worker syncs the earlier ones. */
const measureSaves = async (environment: Environment, linked: Linked, latency: number): Promise<number[]> => {
  await slowDown(environment, latency)
  await environment.database.sql`delete from google_budget`
  const durations: number[] = []
  for (let n = 0; n < saves; n++) durations.push(await timed(() => save(environment, linked)))
  await slowDown(environment, 0)
  await untilIdle(environment)
  return durations.slice(3)
}
