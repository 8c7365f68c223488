import { randomUUID } from 'node:crypto'
import type { BusinessId } from '../../db/business-id.ts'
import { connect, type Database, type Db } from '../../db/client.ts'
import { tenantDb } from '../../db/tenant.ts'
import {
  insertBusiness,
  insertMember,
  insertSyncedCalendar,
  type SampleBusiness,
} from '../../testing/appointment-sample.ts'
import { everything } from '../../testing/everything.ts'
import { freshDatabase } from '../database.ts'

/** A linked business with a year of work, and the database of many others. */
export type Environment = {
  database: Database
  db: Db
  business: SampleBusiness
  /** Who has no other appointments in the first hour of a day. */
  memberIds: string[]
  /** The Monday after today, as a date. */
  monday: string
  now: string
  postgres: string
  stop: () => Promise<void>
}

const [team, days, perDay, events] = [6, 400, 5, 2000]

export const startEnvironment = async (): Promise<Environment> => {
  const postgres = await freshDatabase({ folder: 'bench-series', port: 54_389 })
  const database = connect(postgres.url, { max: 10, direct: true })
  const all = everything(database)
  const business = await insertBusiness(all)
  const { businessId } = business
  const memberIds = [business.mia, business.tom]
  for (let n = memberIds.length; n < team; n++)
    memberIds.push(await insertMember(all, businessId, { name: `Member ${n}`, role: 'staff', colour: n }))
  const syncedCalendarId = await insertSyncedCalendar(all, business)
  await database.sql`update synced_calendars set horizon_start = now() - interval '90 days',
    horizon_end = now() + interval '750 days', last_success_at = now()`
  const now = new Date()
  const today = now.toISOString().slice(0, 10)
  // From ten in the morning on, an hour each.
  await database.sql`
    insert into appointments (id, business_id, title, starts_at, ends_at)
    select gen_random_uuid(), ${businessId}, 'Work', start, start + interval '1 hour'
    from generate_series(0, ${days - 1}) as day, generate_series(0, ${perDay - 1}) as hour, generate_series(1, ${team}),
      lateral (select ((${today}::date + day::int)::timestamp + make_interval(hours => 10 + hour)) at time zone 'Australia/Sydney' as start) as at`
  await database.sql`
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    select ${businessId}, id, (${memberIds}::uuid[])[1 + mod(n - 1, ${team})], tstzrange(starts_at, ends_at), true
    from (select id, starts_at, ends_at, row_number() over (partition by starts_at order by id) as n from appointments) as numbered`
  await database.sql`
    insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation, title)
    select ${businessId}, ${syncedCalendarId}, 'e' || n, 'single', true, 'busy', 1, 'Private'
    from generate_series(1, ${events}) as n`
  await database.sql`
    insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
    select ${businessId}, ${syncedCalendarId}, 'e' || n, 'e' || n, 'e' || n, tstzrange(start, start + interval '30 minutes'), true
    from generate_series(1, ${events}) as n,
      lateral (select ((${today}::date + mod(n, ${days})::int)::timestamp + interval '16 hours') at time zone 'Australia/Sydney' as start) as at`
  await database.sql`analyze`
  const ahead = ((8 - now.getUTCDay()) % 7) + 7
  return {
    ...{ database, business, memberIds, now: now.toISOString(), postgres: postgres.description },
    db: tenantDb(database, businessId),
    monday: new Date(now.getTime() + ahead * 86_400_000).toISOString().slice(0, 10),
    stop: async () => {
      await database.close()
      await postgres.stop()
    },
  }
}

/** Businesses of a hundred endless series each, whose horizon ended a week ago. */
export const insertSeries = async (
  { database, now }: Environment,
  { businesses, each }: { businesses: number; each: number },
) => {
  const all = everything(database)
  for (let n = 0; n < businesses; n++) {
    const made = await insertBusiness(all)
    await insertSome(database, { ...made, each, now })
  }
}

type Some = { businessId: BusinessId; mia: string; tom: string; each: number; now: string }

/** Weekly, each at another time of the week, so that most dates are free and some are not. */
const insertSome = async ({ sql }: Database, { businessId, mia, tom, each, now }: Some) => {
  const rows = Array.from({ length: each }, (_, n) => {
    const day = new Date(Date.parse(now) - (7 + (n % 5)) * 86_400_000)
    const time = `${String(8 + (Math.floor(n / 5) % 9)).padStart(2, '0')}:00`
    const weekday = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][day.getUTCDay()]
    return {
      ...{ id: randomUUID(), business_id: businessId, rule: `FREQ=WEEKLY;BYDAY=${weekday}`, title: 'Weekly' },
      ...{ starts_at: `${day.toISOString().slice(0, 10)}T${time}`, time_zone: 'Australia/Sydney', minutes: 60 },
      assignee_ids: [n % 2 === 0 ? mia : tom],
    }
  })
  await sql`
    insert into series (id, business_id, rule, title, starts_at, time_zone, minutes, assignee_ids, planned_until)
    select id, business_id, rule, title, starts_at, time_zone, minutes, assignee_ids,
      (${now}::timestamptz + interval '13 months' - interval '9 days')::date
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id uuid, business_id uuid, rule text, title text,
      starts_at text, time_zone text, minutes int, assignee_ids uuid[])`
}
