import type { Database } from '#db/client.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { addGrant, issueAccessToken, issueRefreshToken } from '../../emulator/oauth/grants.ts'
import type { Google } from '../../emulator/server.ts'
import { DEFAULT_CLIENT } from '../../emulator/world.ts'

export const appointmentsEach = 100
export const occurrencesEach = 200
const eventsEach = 20
const batch = 500

/**
 * Adds synced businesses up to `size`, in SQL: appointments with assignee and event mapping, events
 * with occurrences. Needs a database with one connection, for it changes session settings.
 */
export const seedFleet = async ({ sql }: Database, size: number): Promise<void> => {
  // No foreign-key checks: each batch is one statement whose rows refer to each other.
  await sql`set session_replication_role = replica`
  await sql`set synchronous_commit = off`
  const [made] = await sql<{ count: number }[]>`select count(*)::int as count from businesses`
  for (let first = (made?.count ?? 0) + 1; first <= size; first += batch) {
    const last = Math.min(size, first + batch - 1)
    await sql.unsafe(`
      with b as (
        insert into businesses (id, name, time_zone, opening_hours)
        select gen_random_uuid(), 'Fleet ' || n, 'Australia/Sydney', '{}' from generate_series(${first}, ${last}) n returning id),
      u as (
        insert into users (id, email, name) select gen_random_uuid(), id || '@fleet.example', 'Fleet' from b returning id, email),
      m as (
        insert into members (id, business_id, user_id, role, name, email, colour)
        select gen_random_uuid(), split_part(email, '@', 1)::uuid, id, 'owner', 'Fleet', email, 1 from u returning id, business_id),
      c as (
        insert into google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token)
        select gen_random_uuid(), business_id, id, id::text, business_id || '@fleet.example', '{}', 'sealed'
        from m returning id, business_id, google_sub),
      d as (
        insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, selected_at, imported_at, 
          last_success_at, channel_id, channel_resource_id, channel_expires_at, channel_created_at,
          horizon_start, horizon_end, generation)
        select id, business_id, id, 'appointments', 'primary', 'Fleet', now(), now(), now(), gen_random_uuid(), 'r', now() + interval '40 hours', now(), now() - interval '3 months', now() + interval '25 months', 1
        from c returning id, business_id),
      k as (insert into sync_requests (synced_calendar_id, business_id) select id, business_id from d),
      a as (
        insert into appointments (id, business_id, title, starts_at, ends_at, customer_name, created_by)
        select gen_random_uuid(), m.business_id, 'Blocked drain', t, t + interval '1 hour', 'K. Ng', m.id
        from m, lateral (select date_trunc('hour', now()) - interval '1 year' + n * interval '3 hours' as t from generate_series(1, ${appointmentsEach}) n) s
        returning id, business_id, starts_at, ends_at, created_by),
      s as (
        insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
        select business_id, id, created_by, tstzrange(starts_at, ends_at), true from a),
      p as (
        insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, etag, base, remote_snapshot, state, revision_pushed)
        select a.business_id, a.id, c.google_sub, 'primary', replace(a.id::text, '-', '') || '0', '"1"',
          jsonb_build_object('title', 'Blocked drain', 'location', '', 'description', repeat('x', 120), 'guests', '[]'::jsonb),
          jsonb_build_object('title', 'Blocked drain', 'location', '', 'description', repeat('x', 120), 'attendees', '[]'::jsonb),
          'live', 1
        from a join c using (business_id)),
      e as (
        insert into google_events (business_id, synced_calendar_id, event_id, kind, title, blocks, blocks_why, times, recurrence, generation)
        select c.business_id, c.id, 'event' || n, 'master', 'Weekly ' || n, true, 'busy', '{}', array['RRULE:FREQ=WEEKLY'], 1
        from c, generate_series(1, ${eventsEach}) n)
      insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
      select c.business_id, c.id, 'event' || n % ${eventsEach} || '_' || n, 'event' || n % ${eventsEach}, 'event' || n % ${eventsEach},
        tstzrange(now() + n * interval '7 hours', now() + n * interval '7 hours' + interval '1 hour'), true
      from c, generate_series(1, ${occurrencesEach}) n`)
  }
  await sql`analyze`
}

export type ActiveCalendar = { syncedCalendarId: string; email: string }

/**
 * Links some calendars to accounts of the emulator, and syncs them once, so that they have sync
 * tokens.
 */
export const activate = async (database: Database, google: Google, count: number): Promise<ActiveCalendar[]> => {
  const { sql } = database
  const rows = await sql<{ id: string; email: string }[]>`
    select id, google_email as email from google_accounts order by id limit ${count}`
  const ids = rows.map(({ id }) => id)
  await sql`delete from google_occurrences where synced_calendar_id in ${sql(ids)}`
  await sql`delete from google_events where synced_calendar_id in ${sql(ids)}`
  return linkAndSync(
    { database, google },
    rows.map(({ id, email }) => ({ syncedCalendarId: id, email })),
  )
}

/** Gives each business so many members with an appointments calendar of their own. */
export const addMembers = async (
  database: Database,
  google: Google,
  { businesses, each }: { businesses: ActiveCalendar[]; each: number },
): Promise<ActiveCalendar[]> => {
  const { sql } = database
  const made = await sql<ActiveCalendar[]>`
    with b as (
      select c.business_id as id, n, gen_random_uuid() as user_id from synced_calendars c, generate_series(1, ${each}::int) n
      where c.id in ${sql(businesses.map(({ syncedCalendarId }) => syncedCalendarId))}),
    u as (insert into users (id, email, name) select user_id, user_id || '@fleet.example', 'Member' from b returning id, email),
    m as (
      insert into members (id, business_id, user_id, role, name, email, colour)
      select gen_random_uuid(), b.id, u.id, 'staff', 'Member', u.email, 2 from b join u on u.id = b.user_id
      returning id, business_id, email),
    g as (
      insert into google_accounts (id, business_id, member_id, linked_by, google_sub, google_email, scopes, refresh_token)
      select gen_random_uuid(), business_id, id, id, id::text, email, '{}', 'sealed' from m
      returning id, business_id, member_id, google_email),
    c as (
      insert into synced_calendars (id, business_id, account_id, member_id, purpose, calendar_id, calendar_name, selected_at)
      select id, business_id, id, member_id, 'appointments', google_email, 'Fleet', now() from g returning id, business_id),
    r as (insert into sync_requests (synced_calendar_id, business_id) select id, business_id from c)
    select id as "syncedCalendarId", google_email as email from g`
  return linkAndSync({ database, google }, [...made])
}

const linkAndSync = async (
  { database, google }: { database: Database; google: Google },
  calendars: ActiveCalendar[],
): Promise<ActiveCalendar[]> => {
  for (const calendar of calendars) await linkAccount(database, google, calendar)
  const waiting = [...calendars]
  const syncNext = async () => {
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      const { failure } = await syncCalendar(database, row.syncedCalendarId)
      if (failure) throw new Error(`The first sync run failed: ${failure}`)
    }
  }
  await Promise.all(Array.from({ length: 4 }, syncNext))
  return calendars
}

const linkAccount = async (
  { sql }: Database,
  { person, world }: Google,
  { syncedCalendarId, email }: ActiveCalendar,
) => {
  person.addAccount({ email, name: 'Fleet Owner', timeZone: 'Australia/Sydney' })
  for (let hour = 0; hour < 5; hour++) addEvent(person, email, hour)
  const grant = { email, client: DEFAULT_CLIENT, scopes: linkScopes }
  addGrant(world, grant)
  const { token } = issueRefreshToken(world, grant)
  const access = issueAccessToken(world, { clientId: DEFAULT_CLIENT.id, email, scopes: linkScopes })
  await sql`update synced_calendars set calendar_id = ${email} where id = ${syncedCalendarId}`
  await sql`
    update google_accounts set scopes = ${linkScopes}, refresh_token = ${sealToken(token, syncedCalendarId)},
      access_token = ${sealToken(access, syncedCalendarId)}, access_token_expires_at = now() + interval '50 minutes'
    where id = ${syncedCalendarId}`
}

let serial = 0

export const addEvent = (person: Google['person'], email: string, hour = serial++) => {
  const at = (offset: number) => ({ dateTime: new Date(Date.UTC(2027, 0, 1, hour + offset)).toISOString() })
  person.create({ email, calendarId: email, event: { summary: 'Changed', start: at(0), end: at(1) } })
}
