import { schedule } from '#lib/jobs/schedule.ts'
import { median, ms, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import { countRequests, type Environment } from './environment.ts'

const fleet = 10_000
const rounds = 15

/** Idle calendars: just synced, with a live channel and a current horizon. */
const addFleet = async ({ database }: Environment): Promise<void> => {
  await database.sql`create temporary table if not exists nothing ()`
  await database.sql.unsafe(`
    with b as (
      insert into businesses (id, name, time_zone, opening_hours)
      select gen_random_uuid(), 'Fleet', 'UTC', (select opening_hours from businesses limit 1) from generate_series(1, ${fleet})
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

export const measureTick = async (environment: Environment): Promise<Row> => {
  const { database } = environment
  await addFleet(environment)
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
    work: `cron tick over ${fleet.toLocaleString('en')} idle calendars`,
    target: '< 50 ms of database work, no Google request',
    measured: `${ms(idle)}; ${due} due; ${requests} requests`,
    baseline: `one scan of the calendars: ${ms(median(bare))}`,
    met: idle < 50 && due === 0 && requests === 0,
  }
}
