import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../../client.ts'

/**
 * Takes `units` of this minute's quota of a Google account; false if that would exceed `ceiling`.
 */
export const spendBudget = async (
  db: GlobalDb,
  spend: { googleSub: string; units: number; ceiling: number },
): Promise<boolean> => {
  const rows = await db.execute(sql`
    insert into google_budget as b (google_sub, minute, spent)
    values (${spend.googleSub}, date_trunc('minute', now()), ${spend.units})
    on conflict (google_sub, minute) do update set spent = b.spent + ${spend.units}
    where b.spent + ${spend.units} <= ${spend.ceiling}
    returning spent`)
  return rows.length > 0
}

/** Units spent in the busiest minute of the last hour. */
export const readMostSpent = async (db: GlobalDb, googleSub: string): Promise<number> => {
  const [row] = await db.execute<{ most: number }>(sql`
    select coalesce(max(spent), 0)::int as most from google_budget
    where google_sub = ${googleSub} and minute > now() - interval '1 hour'`)
  return row?.most ?? 0
}
