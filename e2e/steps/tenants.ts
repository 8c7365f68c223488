import { randomBytes, randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import { sessionCookie } from './actions.ts'

/** Part of every value of the other business: a response that contains it has leaked data. */
export const secret = 'OTHER-BUSINESS-SECRET'

/** The original start of a visit that needs a time. */
export const theirVisit = '2030-01-14T09:00'

export type Other = {
  businessId: string
  memberId: string
  appointmentId: string
  invitationId: string
  token: string
  syncedCalendarId: string
  serviceId: string
  timeOffId: string
  messageId: string
  keyId: string
  holdId: string
  webhookId: string
  seriesId: string
  operationId: string
}

/** A second business with a row in every table. */
export const foundOther = async (sql: Sql): Promise<Other> => {
  const token = randomBytes(32).toString('base64url')
  const [businessId, memberId, userId, appointmentId, syncedCalendarId, invitationId, serviceId, timeOffId, ...rest] =
    Array.from({ length: 14 }, () => randomUUID())
  const [messageId, keyId, holdId, webhookId, seriesId, operationId] = rest
  const other = {
    businessId,
    memberId,
    appointmentId,
    syncedCalendarId,
    invitationId,
    serviceId,
    timeOffId,
    messageId,
    keyId,
    holdId,
    webhookId,
    seriesId,
    operationId,
    token,
  } as Other
  const email = `${secret.toLowerCase()}@other.example`
  await sql`insert into businesses (id, name, time_zone, opening_hours) values (${other.businessId}, ${secret}, 'UTC', '{}')`
  await sql`insert into users (id, email, name) values (${userId ?? ''}, ${email}, ${secret})`
  await sql`insert into members (id, business_id, user_id, role, name, email, colour)
    values (${other.memberId}, ${other.businessId}, ${userId ?? ''}, 'owner', ${secret}, ${email}, 1)`
  await sql`insert into appointments (id, business_id, title, starts_at, ends_at, notes)
    values (${other.appointmentId}, ${other.businessId}, ${secret}, now() + interval '1 day', now() + interval '25 hours', ${secret})`
  await sql`insert into services (id, business_id, name, durations) values (${other.serviceId}, ${other.businessId}, ${secret}, '{60}')`
  await sql`insert into time_off (id, business_id, member_id, starts_at, ends_at, reason)
    values (${other.timeOffId}, ${other.businessId}, ${other.memberId}, '2026-01-01T00:00', '2026-01-02T00:00', ${secret})`
  await sql`insert into appointment_assignees values (${other.businessId}, ${other.appointmentId}, ${other.memberId},
    tstzrange(now() + interval '1 day', now() + interval '25 hours'), true)`
  await sql`insert into google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token)
    values (${other.syncedCalendarId}, ${other.businessId}, ${other.memberId}, 'other', ${email}, '{}', 'v1.sealed')`
  // They wait for a person, so that the scheduler, which runs every minute, does not sync them.
  await sql`insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, selected_at, waits_for_person)
    values (${other.syncedCalendarId}, ${other.businessId}, ${other.syncedCalendarId}, 'appointments', 'c', ${secret}, now(), true)`
  const own = randomUUID()
  await sql`insert into google_accounts (id, business_id, member_id, linked_by, google_sub, google_email, scopes, refresh_token)
    values (${own}, ${other.businessId}, ${other.memberId}, ${other.memberId}, 'own', ${email}, '{}', 'v1.sealed')`
  await sql`insert into synced_calendars (id, business_id, account_id, member_id, purpose, calendar_id, calendar_name, selected_at, waits_for_person)
    values (${own}, ${other.businessId}, ${own}, ${other.memberId}, 'busy', ${secret}, ${secret}, now(), true)`
  await sql`insert into sync_requests (synced_calendar_id, business_id) values (${own}, ${other.businessId})`
  await sql`insert into sync_requests (synced_calendar_id, business_id) values (${other.syncedCalendarId}, ${other.businessId})`
  await sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, title, blocks, blocks_why, generation)
    values (${other.businessId}, ${other.syncedCalendarId}, 'e', 'single', ${secret}, true, 'busy', 1)`
  await sql`insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
    values (${other.businessId}, ${other.syncedCalendarId}, 'e', 'e', 'e', tstzrange(now() + interval '1 day', now() + interval '25 hours'), true)`
  await sql`insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, rejected_revision)
    values (${other.businessId}, ${other.appointmentId}, 'other', 'c', 'x', 1)`
  await sql`insert into invitations (id, business_id, email, role, token_hash, invited_by, expires_at)
    values (${other.invitationId}, ${other.businessId}, 'invited@other.example', 'owner', sha256(${Buffer.from(token)}), ${other.memberId}, now() + interval '1 day')`
  await sql`insert into api_keys (id, business_id, name, secret_hash, hint, scopes)
    values (${other.keyId}, ${other.businessId}, ${secret}, sha256(${Buffer.from(secret)}), ${secret}, '{appointments:read}')`
  await sql`insert into holds (id, business_id, api_key_id, starts_at, ends_at, member_ids, expires_at)
    values (${other.holdId}, ${other.businessId}, ${other.keyId}, now() + interval '2 days', now() + interval '49 hours',
      array[${other.memberId}]::uuid[], now() + interval '1 day')`
  await sql`insert into webhooks (id, business_id, url, secret)
    values (${other.webhookId}, ${other.businessId}, ${`https://${secret}.example`}, 'v1.sealed')`
  await sql`insert into webhook_deliveries (business_id, webhook_id, last_error, failed_at, next_attempt_at)
    values (${other.businessId}, ${other.webhookId}, ${secret}, now(), null)`
  await sql`insert into messages (id, business_id, api_key_id, name, wish)
    values (${other.messageId}, ${other.businessId}, ${other.keyId}, ${secret}, ${secret})`
  await sql`insert into api_requests (business_id, api_key_id, call_id, verb, outcome, said, appointment_id)
    values (${other.businessId}, ${other.keyId}, 'their-call', 'book_appointment', 'ok', ${secret}, ${other.appointmentId})`
  await sql`insert into series (id, business_id, rule, starts_at, time_zone, minutes, title, notes, assignee_ids)
    values (${other.seriesId}, ${other.businessId}, 'FREQ=WEEKLY;COUNT=4', '2030-01-07T09:00', 'UTC', 60, ${secret}, ${secret},
      array[${other.memberId}]::uuid[])`
  await sql`insert into series_visits (business_id, series_id, original_start, state, appointment_id, moved_in_google_at)
    values (${other.businessId}, ${other.seriesId}, '2030-01-07T09:00', 'booked', ${other.appointmentId}, now())`
  await sql`insert into series_visits (business_id, series_id, original_start, state, reason)
    values (${other.businessId}, ${other.seriesId}, ${theirVisit}, 'needs-time', 'clash')`
  await sql`insert into series_operations (id, business_id, kind, image)
    values (${other.operationId}, ${other.businessId}, 'created', '{"series": [], "visits": [], "appointments": []}')`
  await sql`insert into activity (business_id, actor, appointment_id, what, detail)
    values (${other.businessId}, 'sophiie', ${other.appointmentId}, 'x', ${secret})`
  return other
}

const tables = [
  'members',
  'services',
  'api_keys',
  'holds',
  'time_off',
  'appointments',
  'appointment_assignees',
  'google_accounts',
  'synced_calendars',
  'sync_requests',
  'google_events',
  'google_occurrences',
  'event_mappings',
  'invitations',
  'webhooks',
  'webhook_deliveries',
  'activity',
  'messages',
  'api_requests',
  'series',
  'series_visits',
  'series_operations',
] as const

/** Every row of a business as text, to compare before and after. */
export const rowsOf = async (sql: Sql, businessId: string): Promise<Record<string, string>> => {
  const found: Record<string, string> = {}
  for (const table of tables) {
    const [row] =
      await sql`select coalesce(string_agg(t::text, '|' order by t::text), '') as all from ${sql(table)} t where business_id = ${businessId}`
    found[table] = String(row?.all)
  }
  const [business] = await sql`select t::text as all from businesses t where id = ${businessId}`
  return { ...found, businesses: String(business?.all) }
}

export type People = Record<'owner' | 'staff' | 'removed' | 'anonymous', string | undefined>

/** Cookies of the sample's owner, its staff and a removed member, and no cookie. */
export const peopleOf = async (sql: Sql, sessionSecret: string): Promise<People> => {
  const cookie = async (key: string) => {
    const [user] =
      await sql`select id, session_version as version from users where email = ${`${key}@harbourplumbing.example`}`
    return sessionCookie(sessionSecret, { id: String(user?.id), version: Number(user?.version) })
  }
  await sql`update members set deactivated_at = now() where email = 'tom@harbourplumbing.example'`
  return {
    owner: await cookie('olive'),
    staff: await cookie('mia'),
    removed: await cookie('tom'),
    anonymous: undefined,
  }
}
