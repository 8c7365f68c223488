import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../client.ts'
import { notDurable } from './transaction.ts'

/**
 * Counts one attempt in the window of `key`; returns the count and the end of the window. Deletes
 * expired windows.
 */
export const countAttempt = async (
  db: GlobalDb,
  { key, windowSeconds }: { key: string; windowSeconds: number },
): Promise<{ count: number; secondsLeft: number }> => {
  const [row] = await db.execute(sql`
    with old as (delete from rate_limits where window_ends_at < now() - interval '1 hour' and key <> ${key})
    insert into rate_limits as r (key, window_ends_at, count)
    select ${key}, now() + make_interval(secs => ${windowSeconds}::int), 1 from ${notDurable}
    on conflict (key) do update set
      count = case when r.window_ends_at <= now() then 1 else r.count + 1 end,
      window_ends_at = case when r.window_ends_at <= now() then excluded.window_ends_at else r.window_ends_at end
    returning count, ceil(extract(epoch from window_ends_at - now()))::int as "secondsLeft"`)
  return row as { count: number; secondsLeft: number }
}

/** Takes back one attempt in the running window of `key`. */
export const uncountAttempt = async (db: GlobalDb, key: string): Promise<void> => {
  await db.execute(sql`
    update rate_limits set count = count - 1 from ${notDurable} where key = ${key} and count > 0 and window_ends_at > now()`)
}

/**
 * Takes one token from the bucket of `key`, which holds `burst` and gets one more every `everyMs`.
 * False if it is empty. `window_ends_at` is the time at which it is full again.
 */
export const takeToken = async (
  db: GlobalDb,
  { key, everyMs, burst }: { key: string; everyMs: number; burst: number },
): Promise<boolean> => {
  const later = (ms: number) => sql`clock_timestamp() + make_interval(secs => ${ms / 1000}::float8)`
  const rows = await db.execute(sql`
    insert into rate_limits as r (key, window_ends_at, count) select ${key}, ${later(everyMs)}, 1 from ${notDurable}
    on conflict (key) do update
      set window_ends_at = greatest(r.window_ends_at, clock_timestamp()) + make_interval(secs => ${everyMs / 1000}::float8)
      where r.window_ends_at <= ${later((burst - 1) * everyMs)}
    returning 1`)
  return rows.length > 0
}
