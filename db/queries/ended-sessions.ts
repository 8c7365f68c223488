import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../client.ts'

/** Refuses copies of the session's token until it expires. `until`: epoch milliseconds. */
export const insertEndedSession = async (
  db: GlobalDb,
  { sessionId, until }: { sessionId: string; until: number },
) => {
  await db.execute(sql`
    with old as (delete from ended_sessions where expires_at < now())
    insert into ended_sessions (session_id, expires_at)
    values (${sessionId}::uuid, to_timestamp(${until}::float8 / 1000)) on conflict do nothing`)
}
