import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { ensureFresh } from '#lib/jobs/freshness.ts'
import { startWorker } from '#lib/jobs/worker.ts'
import type { Row } from '../results.ts'
import { median, ms, timed } from '../statistics.ts'
import { addAccount, type Linked, linkBusiness, type Stage, slowDown } from './stage.ts'

const saves = 40
let slot = 0

/** Books the next free half hour, as the save of the form does, live check included. */
const save = async ({ database }: Stage, linked: Linked): Promise<void> => {
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

const quiet = async ({ database }: Stage): Promise<void> => {
  for (;;) {
    const busy = await database.sql`
      select from sync_requests where requested > processed union all select from graphile_worker.jobs where run_at <= now()`
    if (busy.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export const measureSave = async (stage: Stage): Promise<Row[]> => {
  const linked = await linkBusiness(stage, await addAccount(stage, 'saver'))
  const worker = await startWorker({ databaseUrl: process.env.DATABASE_URL ?? '', direct: true })
  try {
    await quiet(stage)
    const leaves = await measureSuperseded(stage, linked)
    const notice = await measureNotice(stage)
    const [fast, slow] = [await measureAnswer(stage, linked, 0), await measureAnswer(stage, linked, 500)]
    return [
      {
        work: 'save → request leaves for Google',
        reach: '< 15 ms median after commit',
        measured: `${ms(median(leaves))} (median of ${leaves.length})`,
        floor: `NOTIFY, its commit and the hearing of it: ${ms(notice)}`,
        met: median(leaves) < 15,
      },
      {
        work: 'save answers the user, at 0 and 500 ms of latency at Google',
        reach: 'the same: no round trip in it',
        measured: `${ms(median(fast))} and ${ms(median(slow))}`,
        floor: '—',
        met: median(slow) < median(fast) + 10,
      },
    ]
  } finally {
    await slowDown(stage, 0)
    await quiet(stage)
    await worker.stop()
  }
}

const measureSuperseded = async (stage: Stage, linked: Linked): Promise<number[]> => {
  let left: ((at: number) => void) | undefined
  const onRequest = (path: string, method: string) => {
    if (method === 'POST' && path.endsWith('/events')) left?.(performance.now())
  }
  // Whichever way the client goes out: Node's own fetch, or its http module.
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { path: string; method: string } }
    onRequest(request.path.split('?')[0] ?? '', request.method)
  })
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: { path: string; method: string } }
    onRequest(request.path.split('?')[0] ?? '', request.method)
  })
  const waits: number[] = []
  for (let n = 0; n < saves; n++) {
    const pendingRemoval = new Promise<number>((resolve) => {
      left = resolve
    })
    await save(stage, linked)
    const committed = performance.now()
    waits.push((await pendingRemoval) - committed)
    await quiet(stage)
  }
  return waits.slice(3)
}

/** What Postgres alone takes to tell another session. */
const measureNotice = async ({ database }: Stage): Promise<number> => {
  const waits: number[] = []
  let heard: (() => void) | undefined
  const { unlisten } = await database.sql.listen('bench_notice', () => heard?.())
  for (let n = 0; n < saves; n++) {
    const hearing = new Promise<void>((resolve) => {
      heard = resolve
    })
    waits.push(
      await timed(async () => {
        await database.sql.notify('bench_notice', '')
        await hearing
      }),
    )
  }
  await unlisten()
  return median(waits)
}

/** One save after another, while the worker is busy with what the earlier ones asked for. */
const measureAnswer = async (stage: Stage, linked: Linked, latency: number): Promise<number[]> => {
  await slowDown(stage, latency)
  await stage.database.sql`delete from google_budget`
  const waits: number[] = []
  for (let n = 0; n < saves; n++) waits.push(await timed(() => save(stage, linked)))
  await slowDown(stage, 0)
  await quiet(stage)
  return waits.slice(3)
}
