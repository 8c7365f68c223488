import { randomUUID } from 'node:crypto'
import { tokenOf } from '#lib/google/access.ts'
import { batchLimit } from '#lib/google/batch/send-batch.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { everything } from '#testing/everything.ts'
import { control } from '../../emulator/testing.ts'
import { ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import {
  addAccount,
  choose,
  countRequests,
  createBusiness,
  type Environment,
  type Linked,
  linkBusiness,
  linkViewer,
  slowDown,
} from './environment.ts'

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
  rows.push(await measureChangeOfCalendar(environment))
  return rows
}

/** Each is read, inserted and deleted: within the quota of one minute. */
const moved = 150
const latencyOfMove = 100

const measureChangeOfCalendar = async (environment: Environment): Promise<Row> => {
  const { database, google } = environment
  const viewer = await createBusiness(database, await addAccount(environment, 'mover'))
  const linked = await linkViewer(environment, viewer)
  await addAppointments(environment, linked, moved)
  await syncCalendar(database, linked.syncedCalendarId)
  const { id } = (await control(google.url, 'person/addCalendar', {
    body: { email: linked.email, summary: 'Other', timeZone: 'Australia/Sydney' },
  })) as { id: string }
  await choose(viewer, id)
  await slowDown(environment, latencyOfMove)
  await database.sql`delete from google_budget`
  let engine = Number.NaN
  const requests = await countRequests(environment, async () => {
    engine = await timed(() => syncCalendar(database, linked.syncedCalendarId))
  })
  await slowDown(environment, 0)
  const [row] = await database.sql`
    select count(*) filter (where calendar_id = ${id} and state = 'live')::int as live,
      count(*) filter (where calendar_id <> ${id})::int as left
    from event_mappings where business_id = ${linked.businessId}`
  return {
    work: `${moved} events to another calendar at ${latencyOfMove} ms per request`,
    target: `three requests for every ${batchLimit}; all live there, none left`,
    measured: `${ms(engine)}; ${requests} requests; ${row?.live} live, ${row?.left} left`,
    baseline: `one after another: ${ms(3 * moved * latencyOfMove)} of latency alone`,
    met: row?.live === moved && row?.left === 0 && requests <= (3 * moved) / batchLimit + 5,
  }
}

const measureAt = async (environment: Environment, { latency, longestMs, leastTimes }: Reach): Promise<Row> => {
  const { database } = environment
  const linked = await linkBusiness(environment, await addAccount(environment, `pusher-${latency}`))
  await syncCalendar(database, linked.syncedCalendarId)
  await addAppointments(environment, linked, dirty)
  await slowDown(environment, latency)
  const api = calendarApi(tokenOf(everything(database), linked.accountId))
  const start = { dateTime: '2028-01-01T00:00:00Z' }
  const end = { dateTime: '2028-01-01T01:00:00Z' }
  const bare = await timed(async () => {
    for (let n = 0; n < sample; n++) {
      const event = { id: eventIdFor(randomUUID(), 0), summary: `Bare ${n}`, start, end }
      const answer = await api.insertEvent(linked.email, event)
      if (!answer.ok) throw new Error(answer.failure.detail)
    }
  })
  await database.sql`delete from google_budget`
  let engine = Number.NaN
  const requests = await countRequests(environment, async () => {
    engine = await timed(() => syncCalendar(database, linked.syncedCalendarId))
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

const addAppointments = ({ database }: Environment, { businessId }: Linked, count: number) =>
  database.sql`
    insert into appointments (id, business_id, title, starts_at, ends_at, status, revision, updated_at)
    select gen_random_uuid(), ${businessId}, 'Dirty ' || n, now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour',
      'booked', 1, now() - interval '1 hour' from generate_series(1, ${count}) n`
