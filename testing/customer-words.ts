import type postgres from 'postgres'
import { isDistinct } from './log-guard.ts'

/** Everything stored that people typed or that names a person; no log may contain it. */
export const customerWords = async (sql: postgres.Sql): Promise<string[]> => {
  const rows = await sql<{ word: string | null }[]>`
    select unnest(array[title, location, notes, customer_name, customer_phone, customer_email]) as word from appointments
    union select unnest(array[email, name]) from users
    union select name from businesses
    union select unnest(array[title, location]) from google_events
    union select unnest(array[google_email, calendar_id, calendar_name]) from google_connections
    union select email from invitations`
  return rows.flatMap(({ word }) => (word && isDistinct(word) ? [word] : []))
}
