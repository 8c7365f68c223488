import { sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db } from '../client.ts'
import { rowsOf } from './rows.ts'

/** All data of a business, table by table and page by page, as JSON rows. Secrets are left out. */

type Page = { businessId: BusinessId; after: string; limit: number }
type Exported = { key: string; row: Record<string, unknown> }

const tables = {
  members: sql`select id::text as key, to_jsonb(t) - 'business_id' - 'user_id' as row from members t`,
  invitations: sql`select id::text as key, to_jsonb(t) - 'business_id' - 'token_hash' as row from invitations t`,
  appointments: sql`select id::text as key, to_jsonb(t) - 'business_id' || jsonb_build_object('assignees', (
      select coalesce(jsonb_agg(a.member_id order by a.member_id), '[]'::jsonb) from appointment_assignees a
      where a.appointment_id = t.id)) as row
    from appointments t`,
  googleConnections: sql`select id::text as key, jsonb_build_object('account', google_email, 'calendar', calendar_name,
      'calendarId', calendar_id, 'scopes', scopes, 'linkedBy', linked_by, 'createdAt', created_at) as row
    from google_connections t`,
  mappings: sql`select appointment_id || google_sub || calendar_id as key, jsonb_build_object('appointment', appointment_id,
      'calendarId', calendar_id, 'eventId', event_id, 'state', state, 'link', html_link) as row from event_mappings t`,
  googleEvents: sql`select connection_id || event_id as key, to_jsonb(t) - 'business_id' - 'etag' - 'generation' as row
    from google_events t`,
  activity: sql`select lpad(id::text, 20, '0') as key, to_jsonb(t) - 'business_id' as row from activity t`,
}
export type ExportedTable = keyof typeof tables
export const exportedTables = Object.keys(tables) as ExportedTable[]

/** The next rows after the given key. */
export const readExported = async (db: Db, table: ExportedTable, page: Page): Promise<Exported[]> => {
  return rowsOf<Exported>(
    db,
    sql`
    select key, row from (${tables[table]} where t.business_id = ${page.businessId}) as exported
    where key > ${page.after} order by key limit ${page.limit}`,
  )
}
