import { type SQL, sql } from 'drizzle-orm'
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

/** Holds `burst` tokens and gets one more every `everyMs`. */
export type Bucket = { everyMs: number; burst: number }

/**
 * Takes one token from the bucket of `key`. False if it is empty. `window_ends_at` is the time at
 * which it is full again.
 */
export const takeToken = async (db: GlobalDb, { key, ...bucket }: Bucket & { key: string }): Promise<boolean> => {
  const rows = await db.execute(tokenTaken(sql`${key} from ${notDurable}`, bucket))
  return rows.length > 0
}

/** Returns a row if there was a token. `key`: a select list of the key alone, and its `from`. */
export const tokenTaken = (key: SQL, { everyMs, burst }: Bucket): SQL => {
  const seconds = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`
  return sql`
    insert into rate_limits as r (key, count, window_ends_at)
    select each.key, 1, clock_timestamp() + ${seconds(everyMs)} from (select ${key}) as each (key)
    on conflict (key) do update
      set window_ends_at = greatest(r.window_ends_at, clock_timestamp()) + ${seconds(everyMs)}
      where r.window_ends_at <= clock_timestamp() + ${seconds((burst - 1) * everyMs)}
    returning 1`
}
