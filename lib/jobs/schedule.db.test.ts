import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { GET } from '#app/api/cron/sync/route.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { isScheduler, runSchedule } from './cron.ts'
import { schedule } from './schedule.ts'

/** What is due, and the route that alone keeps everything right. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  await database.sql`delete from google_revocations`
  await database.sql`delete from google_connections`
  fixture = await setUpFixture(database, google)
  await fixture.sync()
  await emptyQueue()
})

const emptyQueue = () => database.sql`delete from graphile_worker._private_jobs`
const change = (columns: string) =>
  database.sql.unsafe(`update google_connections set ${columns} where id = '${fixture.connectionId}'`)
const due = async () => (await schedule(database)).connections

test('polls that are due together start apart; what somebody waits for starts at once', async () => {
  const fleet = 200
  await change("last_success_at = now() - interval '1 hour'")
  await database.sql`
    with b as (
      insert into businesses (id, name, time_zone, opening_hours)
      select gen_random_uuid(), 'Fleet', 'UTC', '{}' from generate_series(1, ${fleet}) returning id),
    u as (insert into users (id, email, name) select gen_random_uuid(), id || '@fleet.example', 'Fleet' from b returning id, email),
    m as (
      insert into members (id, business_id, user_id, role, name, email, colour)
      select gen_random_uuid(), split_part(email, '@', 1)::uuid, id, 'owner', 'Fleet', email, 1 from u returning id, business_id),
    c as (
      insert into google_connections (business_id, linked_by, google_sub, google_email, scopes, refresh_token, calendar_id, last_success_at)
      select business_id, id, id::text, 'fleet', '{}', 'sealed', 'primary', now() - interval '1 hour' from m
      returning id, business_id)
    insert into sync_requests (connection_id, business_id) select id, business_id from c`
  await database.sql`update sync_requests set requested = processed + 1 where connection_id = ${fixture.connectionId}`
  expect(await schedule(database, { spreadSeconds: 20 })).toMatchObject({ connections: fleet + 1 })
  const moments = () => database.sql<{ key: string; seconds: number; busiest: number }[]>`
    select key, extract(epoch from run_at - min(run_at) over ())::float8 as seconds,
      count(*) over (partition by date_trunc('second', run_at))::int as busiest
    from graphile_worker.jobs where task_identifier = 'sync-connection' order by key`
  const first = await moments()
  expect(Math.max(...first.map(({ busiest }) => busiest))).toBeLessThan(fleet / 8)
  expect(Math.max(...first.map(({ seconds }) => seconds))).toBeLessThan(20)
  expect(first.find(({ key }) => key === `sync:${fixture.connectionId}`)?.seconds).toBe(0)

  await schedule(database, { spreadSeconds: 20 })
  const put = (rows: typeof first) => rows.filter(({ key }) => !key.endsWith(fixture.connectionId))
  const gaps = (rows: typeof first) => put(rows).map(({ seconds }) => seconds - (put(rows)[0]?.seconds ?? 0))
  const [before, after] = [gaps(first), gaps(await moments())]
  expect(after.every((gap, n) => Math.abs(gap - (before[n] ?? 0)) < 0.001)).toBe(true)
})

describe('due', () => {
  test.each([
    ['just looked at', 'last_success_at = now()', 0],
    ['rung and looked at 14 minutes ago', "last_success_at = now() - interval '14 minutes'", 0],
    ['rung and looked at 16 minutes ago', "last_success_at = now() - interval '16 minutes'", 1],
    [
      'without a channel, a minute and a half ago',
      "channel_expires_at = null, last_success_at = now() - interval '90 seconds'",
      1,
    ],
    [
      'without a channel, half a minute ago',
      "channel_expires_at = null, last_success_at = now() - interval '30 seconds'",
      0,
    ],
    [
      'a channel of three days that never rang, two minutes ago',
      "channel_created_at = now() - interval '3 days', last_success_at = now() - interval '2 minutes'",
      1,
    ],
    ['a channel that ends in eleven hours', "channel_expires_at = now() + interval '11 hours'", 1],
    [
      'a calendar without channels',
      "channel_expires_at = now() + interval '11 hours', channel_unsupported = true",
      0,
    ],
    ['a horizon that has come near', "horizon_end = now() + interval '20 months'", 1],
    ['never finished a look', 'last_success_at = null', 1],
    ['no calendar chosen yet', 'calendar_id = null, last_success_at = null', 0],
    ['waiting for its next try', "retry_at = now() + interval '1 hour', last_success_at = null", 0],
    ['its next try is due', "retry_at = now() - interval '1 second'", 1],
    [
      'the brake, until it is time to read again',
      "last_failure_kind = 'mass-deletion', waits_for_person = true, retry_at = now() + interval '5 minutes'",
      0,
    ],
    [
      'the brake, when it is time',
      "last_failure_kind = 'mass-deletion', waits_for_person = true, retry_at = now() - interval '1 second'",
      1,
    ],
    ...['revoked', 'scope-missing', 'calendar-lost'].map((kind): [string, string, number] => [
      `${kind}: a person must act`,
      `last_failure_kind = '${kind}', waits_for_person = true, last_success_at = now() - interval '1 day'`,
      0,
    ]),
  ])('%s', async (_, columns, expected) => {
    await change(columns)
    expect(await due()).toBe(expected)
  })

  test('a save whose job was lost', async () => {
    await fixture.book()
    await emptyQueue()
    expect(await due()).toBe(1)
  })

  test('asked twice, one job', async () => {
    await change('last_success_at = null')
    await due()
    await due()
    expect(await database.sql`select from graphile_worker.jobs`).toHaveLength(1)
  })

  test('a revocation', async () => {
    await unlink(fixture.viewer)
    await emptyQueue()
    expect(await schedule(database)).toMatchObject({ revocations: 1 })
    await database.sql`update google_revocations set next_attempt_at = now() + interval '1 minute'`
    expect(await schedule(database)).toMatchObject({ revocations: 0 })
  })
})

describe('one run of the scheduler', () => {
  test('with the queue emptied it still brings everything over, and counts what it did', async () => {
    const id = await fixture.book()
    await emptyQueue()
    const summary = await runSchedule()
    expect(summary).toMatchObject({
      ok: true,
      due: { connections: 1, revocations: 0 },
      ran: 1,
      pushed: 1,
      pages: 1,
      failed: 0,
      left: 0,
    })
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('confirmed')
  })

  test('finishes an unlink', async () => {
    await unlink(fixture.viewer)
    await emptyQueue()
    await runSchedule()
    expect(await database.sql`select from google_revocations`).toHaveLength(0)
  })

  test('with nothing due it asks nobody and says zero', async () => {
    const before = google.world.log.last()
    expect(await runSchedule()).toMatchObject({ due: { connections: 0, revocations: 0 }, ran: 0, left: 0 })
    expect(google.world.log.since(before)).toEqual([])
  })

  test('a job that a killed process left locked does not use up its budget', async () => {
    await change('last_success_at = null')
    await due()
    await database.sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'killed'`
    expect(await runSchedule()).toMatchObject({ ran: 1, left: 0 })
  })

  test('a failure is counted and comes again by itself', async () => {
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503 })
    await change('last_success_at = null')
    expect(await runSchedule()).toMatchObject({ failed: 1 })
    expect((await fixture.connection())?.retryAt).not.toBeNull()
  })
})

describe('the route', () => {
  const bearer = 'Bearer another secret for tests only'
  const call = (authorization?: string) =>
    GET(
      new Request('http://localhost:3999/api/cron/sync', {
        headers: authorization ? { authorization } : {},
      }) as Parameters<typeof GET>[0],
    )

  test.each([undefined, '', 'Bearer', 'Bearer wrong', 'another secret for tests only', `${bearer} `])(
    'is closed to %s',
    async (authorization) => {
      await change('last_success_at = null')
      if (authorization !== `${bearer} `) expect(isScheduler(authorization ?? null)).toBe(false)
      const response = await call(authorization === `${bearer} ` ? 'Bearer another secret' : authorization)
      expect(response.status).toBe(401)
      expect(await database.sql`select from graphile_worker.jobs`).toHaveLength(0)
    },
  )

  test('answers counts to its bearer', async () => {
    const response = await call(bearer)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ ok: true, due: { connections: 0 } })
  })
})

describe('the horizon', () => {
  test('rolls on: an endless series gets its next instances, once', async () => {
    const start = new Date(Date.now() + 86_400_000).toISOString()
    const end = new Date(Date.now() + 90_000_000).toISOString()
    google.person.create({
      ...fixture.at(''),
      event: {
        summary: 'Weekly',
        start: { dateTime: start, timeZone: 'UTC' },
        end: { dateTime: end, timeZone: 'UTC' },
        recurrence: ['RRULE:FREQ=WEEKLY'],
      },
    })
    await fixture.sync()
    const whole = (await fixture.mirror()).occurrences.length
    const past = new Date(Date.now() + 200 * 86_400_000).toISOString()
    await change(`horizon_end = '${past}'`)
    await database.sql`delete from google_occurrences where connection_id = ${fixture.connectionId} and lower(during) > ${past}`
    expect((await fixture.mirror()).occurrences.length).toBeLessThan(whole)
    expect(await due()).toBe(1)
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toHaveLength(whole)
    await emptyQueue()
    expect(await due()).toBe(0)
  })
})
