import { randomUUID } from 'node:crypto'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { syncConnection } from '#lib/sync/run.ts'
import { everything } from '#testing/everything.ts'
import { ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { addAccount, countRequests, type Environment, linkBusiness, slowDown } from './environment.ts'

const dirty = 500
/** Sequential inserts of all would take a minute: fewer are sent, and the time is scaled up. */
const sample = 50

type Reach = { latency: number; longestMs: number; leastTimes: number }

const reaches: Reach[] = [
  { latency: 100, longestMs: 2500, leastTimes: 20 },
  { latency: 0, longestMs: 1500, leastTimes: 1 },
]

export const measurePush = async (environment: Environment): Promise<Row[]> => {
  const rows: Row[] = []
  for (const reach of reaches) rows.push(await measureAt(environment, reach))
  return rows
}

const measureAt = async (environment: Environment, { latency, longestMs, leastTimes }: Reach): Promise<Row> => {
  const { database } = environment
  const linked = await linkBusiness(environment, await addAccount(environment, `pusher-${latency}`))
  await syncConnection(database, linked.connectionId)
  await database.sql`
    insert into appointments (id, business_id, title, starts_at, ends_at, status, revision)
    select gen_random_uuid(), ${linked.businessId}, 'Dirty ' || n, now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour',
      'booked', 1 from generate_series(1, ${dirty}) n`
  await slowDown(environment, latency)
  const api = calendarApi(tokenOf(everything(database), linked.connectionId))
  const start = { dateTime: '2028-01-01T00:00:00Z' }
  const end = { dateTime: '2028-01-01T01:00:00Z' }
  const bare = await timed(async () => {
    for (let n = 0; n < sample; n++)
      await api.insertEvent(linked.email, {
        id: eventIdFor(randomUUID(), 0),
        summary: `Bare ${n}`,
        start,
        end,
      })
  })
  await database.sql`delete from google_budget`
  let engine = Number.NaN
  const requests = await countRequests(environment, async () => {
    engine = await timed(() => syncConnection(database, linked.connectionId))
  })
  await slowDown(environment, 0)
  const [row] = await database.sql`
    select count(*)::int as live from event_mappings where business_id = ${linked.businessId} and state = 'live'`
  const faster = (bare * (dirty / sample)) / engine
  return {
    work: `${dirty} dirty appointments at ${latency} ms per request`,
    target: `≤ ${longestMs} ms; ≥ ${leastTimes} × faster than one after another; ≤ 12 requests`,
    measured: `${ms(engine)} = ${times(faster)} faster; ${requests} requests; ${row?.live} live`,
    baseline: `one after another: ${ms(bare / sample)} each, ${ms(bare * (dirty / sample))} in all`,
    met: engine <= longestMs && faster >= leastTimes && requests <= 12 && row?.live === dirty,
  }
}
