import type postgres from 'postgres'
import { isDistinct } from './log-guard.ts'

/**
 * What people typed and what names a person, as far as it is distinct; no log may contain it. The
 * activity log holds what was changed since. Ids of events may be in a log, also if an event has
 * its id as its title.
 */
export const customerWords = async (sql: postgres.Sql): Promise<string[]> => {
  const rows = await sql<{ word: string | null }[]>`
    (select unnest(array[title, location, notes, customer_name, customer_phone, customer_email]) as word
      from appointments
    union select unnest(array[email, name]) from users
    union select unnest(array[email, name]) from members
    union select name from businesses
    union select unnest(array[title, location, description]) from google_events
    union select google_email from google_accounts
    union select unnest(array[calendar_id, calendar_name]) from synced_calendars
    union select calendar_id from event_mappings
    union select email from invitations
    union select email from sign_in_links
    union select typed #>> '{}' from activity, unnest(array[before, after]) content,
      jsonb_path_query(content, 'strict $.** ? (@.type() == "string")') typed
    union select refresh_token from google_accounts)
    except (select event_id from google_events union select event_id from event_mappings)`
  return rows.flatMap(({ word }) => (word && isDistinct(word) ? [word] : []))
}
