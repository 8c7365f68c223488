import { describe, expect } from 'vitest'
import { GET } from '#app/api/cron/sync/route.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { isScheduler, runSchedule } from './cron.ts'
import { schedule } from './schedule.ts'

/** What is due, and the cron route, which alone is enough to be correct. */

test.beforeEach(async ({ fixture, database }) => {
  await database.sql`delete from google_revocations`
  await database.sql`delete from synced_calendars where id <> ${fixture.syncedCalendarId}`
  await fixture.sync()
  await emptyQueue(fixture)
})

const emptyQueue = (fixture: SyncFixture) => fixture.database.sql`delete from graphile_worker._private_jobs`
const change = (fixture: SyncFixture, columns: string) =>
  fixture.database.sql.unsafe(`update synced_calendars set ${columns} where id = '${fixture.syncedCalendarId}'`)
const due = async (fixture: SyncFixture) => (await schedule(fixture.database)).calendars

const setRequests = (fixture: SyncFixture, columns: string) =>
  fixture.database.sql.unsafe(
    `update sync_requests set ${columns} where synced_calendar_id = '${fixture.syncedCalendarId}'`,
  )

test.for<[string, string, number]>([
  ['awaited for half a minute', "notification_awaited_since = now() - interval '30 seconds'", 0],
  ['awaited for two minutes', "notification_awaited_since = now() - interval '2 minutes'", 1],
  [
    'that arrived after the push',
    "notification_awaited_since = now() - interval '2 minutes', last_notification_at = now() - interval '2 minutes'",
    0,
  ],
  [
    'that arrived before the push only',
    "notification_awaited_since = now() - interval '2 minutes', last_notification_at = now() - interval '3 minutes'",
    1,
  ],
  ['awaited on a channel since replaced', "notification_awaited_since = now() - interval '2 hours'", 0],
])('a push notification %s', async ([_, columns, expected], { fixture }) => {
  await change(
    fixture,
    "channel_created_at = now() - interval '1 hour', last_success_at = now() - interval '90 seconds'",
  )
  await setRequests(fixture, columns)
  expect(await due(fixture)).toBe(expected)
})

test('due polls are spread, a requested run starts at once', async ({ fixture, database }) => {
  const fleet = 200
  await change(fixture, "last_success_at = now() - interval '1 hour'")
  await database.sql`
    with b as (
      insert into businesses (id, name, time_zone, opening_hours)
      select gen_random_uuid(), 'Fleet', 'UTC', '{}' from generate_series(1, ${fleet}) returning id),
    u as (insert into users (id, email, name) select gen_random_uuid(), id || '@fleet.example', 'Fleet' from b returning id, email),
    m as (
      insert into members (id, business_id, user_id, role, name, email, colour)
      select gen_random_uuid(), split_part(email, '@', 1)::uuid, id, 'owner', 'Fleet', email, 1 from u returning id, business_id),
    c as (
      insert into google_accounts (business_id, linked_by, google_sub, google_email, scopes, refresh_token)
      select business_id, id, id::text, 'fleet', '{}', 'sealed' from m returning id, business_id),
    d as (
      insert into synced_calendars (business_id, account_id, purpose, calendar_id, calendar_name, selected_at, last_success_at)
      select business_id, id, 'appointments', 'primary', 'Fleet', now(), now() - interval '1 hour' from c
      returning id, business_id)
    insert into sync_requests (synced_calendar_id, business_id) select id, business_id from d`
  await database.sql`update sync_requests set requested = processed + 1 where synced_calendar_id = ${fixture.syncedCalendarId}`
  expect(await schedule(database, { spreadSeconds: 20 })).toMatchObject({ calendars: fleet + 1 })
  const moments = () => database.sql<{ key: string; seconds: number; busiest: number }[]>`
    select key, extract(epoch from run_at - min(run_at) over ())::float8 as seconds,
      count(*) over (partition by date_trunc('second', run_at))::int as busiest
    from graphile_worker.jobs where task_identifier = 'sync-calendar' order by key`
  const first = await moments()
  expect(Math.max(...first.map(({ busiest }) => busiest))).toBeLessThan(fleet / 8)
  expect(Math.max(...first.map(({ seconds }) => seconds))).toBeLessThan(20)
  expect(first.find(({ key }) => key === `sync:${fixture.syncedCalendarId}`)?.seconds).toBe(0)

  await schedule(database, { spreadSeconds: 20 })
  const put = (rows: typeof first) => rows.filter(({ key }) => !key.endsWith(fixture.syncedCalendarId))
  const gaps = (rows: typeof first) => put(rows).map(({ seconds }) => seconds - (put(rows)[0]?.seconds ?? 0))
  const [before, after] = [gaps(first), gaps(await moments())]
  expect(after.every((gap, n) => Math.abs(gap - (before[n] ?? 0)) < 0.001)).toBe(true)
})

describe('due', () => {
  test.for<[string, string, number]>([
    ['synced just now', 'last_success_at = now()', 0],
    ['with a working channel, synced 14 minutes ago', "last_success_at = now() - interval '14 minutes'", 0],
    ['with a working channel, synced 16 minutes ago', "last_success_at = now() - interval '16 minutes'", 1],
    [
      'without a channel, synced 90 seconds ago',
      "channel_expires_at = null, last_success_at = now() - interval '90 seconds'",
      1,
    ],
    [
      'without a channel, synced 30 seconds ago',
      "channel_expires_at = null, last_success_at = now() - interval '30 seconds'",
      0,
    ],
    [
      'a channel of three days without a notification, synced two minutes ago',
      "channel_created_at = now() - interval '3 days', last_success_at = now() - interval '2 minutes'",
      1,
    ],
    ['a channel that expires in eleven hours', "channel_expires_at = now() + interval '11 hours'", 1],
    ['a calendar without channels', "channel_expires_at = now() + interval '11 hours', channel_unsupported = true", 0],
    ['a full read that is due', "full_read_at = now() - interval '1 second'", 1],
    ['a full read that is due later', "full_read_at = now() + interval '1 minute'", 0],
    ['a horizon that is close', "horizon_end = now() + interval '20 months'", 1],
    ['no successful run yet', 'last_success_at = null', 1],
    ['waiting for its next attempt', "retry_at = now() + interval '1 hour', last_success_at = null", 0],
    ['next attempt due', "retry_at = now() - interval '1 second'", 1],
    [
      'the mass-deletion guard, before the next read',
      "last_failure_kind = 'mass-deletion', waits_for_person = true, retry_at = now() + interval '5 minutes'",
      0,
    ],
    [
      'the mass-deletion guard, when the next read is due',
      "last_failure_kind = 'mass-deletion', waits_for_person = true, retry_at = now() - interval '1 second'",
      1,
    ],
    ...['revoked', 'scope-missing', 'calendar-lost'].map((kind): [string, string, number] => [
      `${kind}: needs a person`,
      `last_failure_kind = '${kind}', waits_for_person = true, last_success_at = now() - interval '1 day'`,
      0,
    ]),
  ])('%s', async ([_, columns, expected], { fixture }) => {
    await change(fixture, columns)
    expect(await due(fixture)).toBe(expected)
  })

  test('a saved change whose job was lost', async ({ fixture }) => {
    await fixture.book()
    await emptyQueue(fixture)
    expect(await due(fixture)).toBe(1)
  })

  test('two schedules queue one job', async ({ fixture, database }) => {
    await change(fixture, 'last_success_at = null')
    await due(fixture)
    await due(fixture)
    expect(await database.sql`select from graphile_worker.jobs`).toHaveLength(1)
  })

  test('a revocation', async ({ fixture, database }) => {
    await unlink(fixture.viewer)
    await emptyQueue(fixture)
    expect(await schedule(database)).toMatchObject({ revocations: 1 })
    await database.sql`update google_revocations set next_attempt_at = now() + interval '1 minute'`
    expect(await schedule(database)).toMatchObject({ revocations: 0 })
  })
})

describe('one run of the scheduler', () => {
  test('after the queue was emptied it pushes everything and reports counts', async ({ fixture }) => {
    const id = await fixture.book()
    await emptyQueue(fixture)
    const summary = await runSchedule()
    expect(summary).toMatchObject({
      ok: true,
      due: { calendars: 1, revocations: 0 },
      ran: 1,
      pushed: 1,
      pages: 1,
      failed: 0,
      left: 0,
    })
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('confirmed')
  })

  test('finishes an unlink', async ({ fixture, database }) => {
    await unlink(fixture.viewer)
    await emptyQueue(fixture)
    await runSchedule()
    expect(await database.sql`select from google_revocations`).toHaveLength(0)
  })

  test('leaves no job behind that it ran', async ({ fixture, database }) => {
    for (let run = 0; run < 5; run++) {
      await change(fixture, 'last_success_at = null')
      expect(await runSchedule()).toMatchObject({ ran: 1, left: 0 })
      expect(await database.sql`select from graphile_worker.jobs where locked_at is not null`).toHaveLength(0)
    }
  })

  test('with nothing due it makes no request and reports zero', async ({ google }) => {
    const before = google.world.log.last()
    expect(await runSchedule()).toMatchObject({ due: { calendars: 0, revocations: 0 }, ran: 0, left: 0 })
    expect(google.world.log.since(before)).toEqual([])
  })

  test('a job that a killed process left locked does not use up the budget', async ({ fixture, database }) => {
    await change(fixture, 'last_success_at = null')
    await due(fixture)
    await database.sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'killed'`
    expect(await runSchedule()).toMatchObject({ ran: 1, left: 0 })
  })

  test('a failure is counted and retried', async ({ fixture }) => {
    fixture.injectFault('events.list', { status: 503 })
    await change(fixture, 'last_success_at = null')
    expect(await runSchedule()).toMatchObject({ failed: 1 })
    expect((await fixture.calendar())?.retryAt).not.toBeNull()
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

  test.for([undefined, '', 'Bearer', 'Bearer wrong', 'another secret for tests only', `${bearer} `])(
    'refuses the authorization %s',
    async (authorization, { fixture, database }) => {
      await change(fixture, 'last_success_at = null')
      if (authorization !== `${bearer} `) expect(isScheduler(authorization ?? null)).toBe(false)
      const response = await call(authorization === `${bearer} ` ? 'Bearer another secret' : authorization)
      expect(response.status).toBe(401)
      expect(await database.sql`select from graphile_worker.jobs`).toHaveLength(0)
    },
  )

  test('returns counts with the right secret', async () => {
    const response = await call(bearer)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ ok: true, due: { calendars: 0 } })
  })
})

describe('the horizon', () => {
  test('rolls forward: an endless series gets its next instances, once', async ({ fixture, database }) => {
    const start = new Date(Date.now() + 86_400_000).toISOString()
    const end = new Date(Date.now() + 90_000_000).toISOString()
    fixture.inGoogle.create({
      summary: 'Weekly',
      start: { dateTime: start, timeZone: 'UTC' },
      end: { dateTime: end, timeZone: 'UTC' },
      recurrence: ['RRULE:FREQ=WEEKLY'],
    })
    await fixture.sync()
    const whole = (await fixture.mirror()).occurrences.length
    const past = new Date(Date.now() + 200 * 86_400_000).toISOString()
    await change(fixture, `horizon_end = '${past}'`)
    await database.sql`delete from google_occurrences where synced_calendar_id = ${fixture.syncedCalendarId} and lower(during) > ${past}`
    expect((await fixture.mirror()).occurrences.length).toBeLessThan(whole)
    expect(await due(fixture)).toBe(1)
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toHaveLength(whole)
    await emptyQueue(fixture)
    expect(await due(fixture)).toBe(0)
  })
})
