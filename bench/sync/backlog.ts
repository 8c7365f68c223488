import { randomUUID } from 'node:crypto'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { startWorker } from '#lib/jobs/worker.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { readLog } from '../../emulator/testing.ts'
import { ms } from '../statistics.ts'
import type { Row } from '../table.ts'
import { addAccount, type Environment, type Linked, linkBusiness, slowDown } from './environment.ts'

const dirty = 5000
const latency = 100
const betweenBookingsMs = 3000
/** Two full minutes of the budget and the rest of a third. */
const watchedMs = 150_000
/** What Google allows an account in a minute. */
const perMinute = 600

/** Far more changes than Google takes in a minute, with single bookings of a person in between. */
export const measureBacklog = async (environment: Environment): Promise<Row[]> => {
  const linked = await linkBusiness(environment, await addAccount(environment, 'backlog'))
  const worker = await startWorker({ databaseUrl: process.env.DATABASE_URL ?? '', direct: true })
  try {
    await addDirty(environment, linked)
    await slowDown(environment, latency)
    const since = (await readLog(environment.google.url)).at(-1)?.seq ?? 0
    const waits = await bookNowAndThen(environment, linked)
    const [row] = await environment.database.sql`
      select max(spent)::int as spent, count(*)::int as minutes,
        (select count(*)::int from event_mappings where business_id = ${linked.businessId} and state = 'live') as live
      from google_budget`
    const requests = (await readLog(environment.google.url, since)).filter((entry) => entry.part === undefined).length
    const longest = Math.max(...waits)
    return [
      {
        work: `${dirty} dirty appointments at ${latency} ms per request, for ${watchedMs / 1000} s`,
        target: `≤ ${perMinute} units of quota a minute; a person's booking is in Google within 1 s`,
        measured: `${row?.live} live; ${row?.spent} units at most; ${requests} requests; longest wait ${ms(longest)} of ${waits.length}`,
        baseline: `${Math.ceil(dirty / perMinute)} min by Google's quota alone`,
        met: longest <= 1000 && row?.spent <= perMinute && row?.live > 900,
      },
    ]
  } finally {
    await slowDown(environment, 0)
    await environment.database.sql`delete from appointments where business_id = ${linked.businessId}`
    await worker.stop()
  }
}

const addDirty = async ({ database }: Environment, { businessId, syncedCalendarId }: Linked): Promise<void> => {
  await database.sql`
    insert into appointments (id, business_id, title, starts_at, ends_at, status, revision, created_at, updated_at)
    select gen_random_uuid(), ${businessId}, 'Dirty ' || n, now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour',
      'booked', 1, now(), now() - interval '1 hour' from generate_series(1, ${dirty}) n`
  await enqueueSync(tenantDb(database, businessId), syncedCalendarId)
}

/** Milliseconds from each commit to its event. */
const bookNowAndThen = async (environment: Environment, linked: Linked): Promise<number[]> => {
  const until = performance.now() + watchedMs
  const waits: number[] = []
  for (let n = 0; performance.now() < until; n++) {
    await new Promise((resolve) => setTimeout(resolve, betweenBookingsMs))
    waits.push(await book(environment, linked, n))
  }
  return waits
}

const book = async ({ database }: Environment, linked: Linked, n: number): Promise<number> => {
  const start = Date.UTC(2028, 0, 1) + n * 1_800_000
  const id = randomUUID()
  const applied = await changeAppointmentRow(tenantDb(database, linked.businessId), {
    businessId: linked.businessId,
    member: { id: linked.memberId, role: 'owner' },
    change: { kind: 'create', id, fields: fieldsAt(start, linked) },
    bookAnyway: false,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(`The booking was refused: ${applied.code}.`)
  const committed = performance.now()
  for (;;) {
    const [mapping] = await database.sql`select from event_mappings where appointment_id = ${id} and state = 'live'`
    if (mapping) return performance.now() - committed
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const fieldsAt = (start: number, { memberId }: Linked) => ({
  title: 'Blocked drain',
  start: instant(start),
  end: instant(start + 1_800_000),
  location: '12 Pittwater Rd, Manly',
  notes: '',
  customerName: 'K. Ng',
  customerPhone: '',
  customerEmail: '',
  assigneeIds: [memberId],
})

const instant = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
