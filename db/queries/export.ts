import { type SQL, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { rowsOf } from './rows.ts'

/**
 * All data of a business, table by table and page by page, as JSON rows. Secrets are left out,
 * and the names and addresses of members' own accounts, calendars and events. Each page continues
 * after the last key in the order of an index, so that every page costs the same.
 */

/** `after`: the key that the page before returned as `next`. */
type Page = { businessId: BusinessId; after: string | null; limit: number }
type ExportedRow = Record<string, unknown>

const firstId = '00000000-0000-0000-0000-000000000000'

const byId = (table: SQL, row: SQL) => (page: Page) =>
  sql`
  select t.id::text as key, ${row} as row from ${table} t
  where t.business_id = ${page.businessId} and t.id > ${page.after ?? firstId}::uuid
  order by t.id limit ${page.limit}`

const tables = {
  members: byId(sql`members`, sql`to_jsonb(t) - 'business_id' - 'user_id'`),
  timeOff: byId(sql`time_off`, sql`to_jsonb(t) - 'business_id'`),
  services: byId(sql`services`, sql`to_jsonb(t) - 'business_id'`),
  webhooks: byId(sql`webhooks`, sql`to_jsonb(t) - 'business_id' - 'secret' - 'previous_secret'`),
  invitations: byId(sql`invitations`, sql`to_jsonb(t) - 'business_id' - 'token_hash'`),
  appointments: byId(
    sql`appointments`,
    sql`to_jsonb(t) - 'business_id' || jsonb_build_object('assignees', (
      select coalesce(jsonb_agg(a.member_id order by a.member_id), '[]'::jsonb) from appointment_assignees a
      where a.appointment_id = t.id), 'series', (
      select v.series_id from series_visits v where v.appointment_id = t.id))`,
  ),
  googleAccounts: byId(
    sql`google_accounts`,
    sql`jsonb_build_object('id', id, 'account', case when member_id is null then google_email end, 'member', member_id, 'scopes', scopes,
      'linkedBy', linked_by, 'createdAt', created_at)`,
  ),
  syncedCalendars: byId(
    sql`synced_calendars`,
    sql`jsonb_build_object('id', id, 'account', account_id, 'purpose', purpose, 'member', member_id,
      'selectedAt', selected_at) || case when member_id is not null then '{}'::jsonb
      else jsonb_build_object('name', calendar_name, 'calendarId', calendar_id) end`,
  ),
  // Pages of appointments, which have an index by business and id. Without a mapping `row` is null.
  mappings: (page: Page) => sql`
    select t.id::text as key, m.row
    from (select id from appointments where business_id = ${page.businessId}
      and id > ${page.after ?? firstId}::uuid order by id limit ${page.limit}) t
    left join lateral (select jsonb_build_object('appointment', appointment_id, 'calendarId', calendar_id,
        'eventId', event_id, 'state', state, 'link', html_link) - case when member_id is not null
          then '{calendarId,link}'::text[] else '{}' end as row
      from event_mappings e where appointment_id = t.id order by google_sub, calendar_id) m on true
    order by t.id`,
  // In the order of the primary key; an id has the same length in each row. Of a member's calendar
  // only the times.
  googleEvents: (page: Page) => sql`
    select t.synced_calendar_id::text || t.event_id as key,
      to_jsonb(t) - 'business_id' - 'etag' - 'generation' - case
        when (select member_id from synced_calendars c where c.id = t.synced_calendar_id) is not null
        then '{event_id,recurring_event_id,html_link,ical_uid,google_updated_at}'::text[] else '{}' end as row
    from google_events t
    where t.synced_calendar_id in (select id from synced_calendars where business_id = ${page.businessId})
      and (t.synced_calendar_id, t.event_id) > (${page.after?.slice(0, firstId.length) ?? firstId}::uuid,
        ${page.after?.slice(firstId.length) ?? ''})
    order by t.synced_calendar_id, t.event_id limit ${page.limit}`,
  series: byId(sql`series`, sql`to_jsonb(t) - 'business_id'`),
  // In the order of the primary key; an id has the same length in each row.
  seriesVisits: (page: Page) => sql`
    select t.series_id::text || t.original_start as key, to_jsonb(t) - 'business_id' as row
    from series_visits t
    where t.series_id in (select id from series where business_id = ${page.businessId})
      and (t.series_id, t.original_start) > (${page.after?.slice(0, firstId.length) ?? firstId}::uuid,
        ${page.after?.slice(firstId.length) ?? ''})
    order by t.series_id, t.original_start limit ${page.limit}`,
  apiKeys: byId(sql`api_keys`, sql`to_jsonb(t) - 'business_id' - 'secret_hash'`),
  messages: byId(sql`messages`, sql`to_jsonb(t) - 'business_id'`),
  apiRequests: (page: Page) => sql`
    select t.id::text as key, to_jsonb(t) - 'business_id' as row from api_requests t
    where t.business_id = ${page.businessId} and t.id > ${page.after ?? '0'}::bigint
    order by t.id limit ${page.limit}`,
  activity: (page: Page) => sql`
    select t.id::text as key, to_jsonb(t) - 'business_id' as row from activity t
    where t.business_id = ${page.businessId} and t.id > ${page.after ?? '0'}::bigint
    order by t.id limit ${page.limit}`,
}
export type ExportedTable = keyof typeof tables
export const exportedTables = Object.keys(tables) as ExportedTable[]

/** One page, and the key to continue after; null at the end. */
export const readExported = async (
  db: Db | Tx,
  table: ExportedTable,
  page: Page,
): Promise<{ rows: ExportedRow[]; next: string | null }> => {
  const found = await rowsOf<{ key: string; row: ExportedRow | null }>(db, tables[table](page))
  const keys = new Set(found.map(({ key }) => key))
  return {
    rows: found.flatMap(({ row }) => (row === null ? [] : [row])),
    next: keys.size < page.limit ? null : (found.at(-1)?.key ?? null),
  }
}
