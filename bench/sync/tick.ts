import { schedule } from '#lib/jobs/schedule.ts'
import { median, ms, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import { countRequests, type Environment } from './environment.ts'

const fleet = 10_000
const calendarsPerAccount = 3
const rounds = 15

/** Idle calendars: just synced, with a live channel and a current horizon. */
const addFleet = async ({ database }: Environment): Promise<void> => {
  await database.sql`create temporary table if not exists nothing ()`
  await database.sql.unsafe(`
    with b as (
      insert into businesses (id, name, time_zone, opening_hours)
      select gen_random_uuid(), 'Fleet', 'UTC', '{}' from generate_series(1, ${fleet})
      returning id),
    u as (insert into users (id, email, name) select gen_random_uuid(), id || '@fleet.example', 'Fleet' from b returning id, email),
    m as (
      insert into members (id, business_id, user_id, role, name, email, colour)
      select gen_random_uuid(), split_part(u.email, '@', 1)::uuid, u.id, 'owner', 'Fleet', u.email, 1 from u
      returning id, business_id),
    c as (
      insert into google_accounts (business_id, linked_by, google_sub, google_email, scopes, refresh_token)
      select m.business_id, m.id, m.id::text, 'fleet', '{}', 'sealed' from m returning id, business_id),
    d as (
      insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, selected_at,
        imported_at, last_success_at, channel_id, channel_expires_at, channel_created_at, horizon_start, horizon_end)
      select id, business_id, id, 'appointments', 'primary', 'Fleet', now(), now(), now(),
        gen_random_uuid(), now() + interval '40 hours', now(), now(), now() + interval '25 months' from c
      returning id, business_id)
    insert into sync_requests (synced_calendar_id, business_id) select id, business_id from d`)
  await database.sql`analyze synced_calendars, sync_requests`
}

/** Each account gets two busy calendars as well: as idle, and as many more rows to scan. */
const addBusyCalendars = async ({ database }: Environment): Promise<void> => {
  await database.sql`
    with d as (
      insert into synced_calendars (business_id, account_id, purpose, calendar_id, calendar_name, selected_at,
        imported_at, last_success_at, channel_id, channel_expires_at, channel_created_at, horizon_start, horizon_end)
      select business_id, id, 'busy', 'busy ' || n, 'Fleet', now(), now(), now(), gen_random_uuid(),
        now() + interval '40 hours', now(), now(), now() + interval '25 months'
      from google_accounts, generate_series(1, ${calendarsPerAccount - 1}) n where google_email = 'fleet'
      returning id, business_id)
    insert into sync_requests (synced_calendar_id, business_id) select id, business_id from d`
  await database.sql`analyze synced_calendars, sync_requests`
}

export const measureTick = async (environment: Environment): Promise<Row[]> => {
  await addFleet(environment)
  const of = (calendars: number) => calendars.toLocaleString('en')
  const single = await measureIdle(environment, { work: `${of(fleet)} idle calendars`, limitMs: 50 })
  await addBusyCalendars(environment)
  const work = `${of(fleet)} accounts with ${calendarsPerAccount} idle calendars each`
  return [single, await measureIdle(environment, { work, limitMs: 100 })]
}

const measureIdle = async (
  environment: Environment,
  { work, limitMs }: { work: string; limitMs: number },
): Promise<Row> => {
  const { database } = environment
  await database.sql`update synced_calendars set last_success_at = now(), retry_at = null, horizon_end = now() + interval '25 months'`
  await database.sql`update sync_requests set processed = requested`
  const samples: number[] = []
  const bare: number[] = []
  let due = 0
  const requests = await countRequests(environment, async () => {
    for (let n = 0; n < rounds; n++) {
      bare.push(await timed(() => database.sql`select count(last_success_at), count(retry_at) from synced_calendars`))
      samples.push(
        await timed(async () => {
          due += (await schedule(database)).calendars
        }),
      )
    }
  })
  const idle = median(samples)
  return {
    work: `cron tick over ${work}`,
    target: `< ${limitMs} ms of database work, no Google request`,
    measured: `${ms(idle)}; ${due} due; ${requests} requests`,
    baseline: `one scan of the calendars: ${ms(median(bare))}`,
    met: idle < limitMs && due === 0 && requests === 0,
  }
}
