import { sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '../../client.ts'

/**
 * Queues a sync run for every calendar that is due: a request not yet processed, a retry whose
 * time has come, a mirror older than its polling interval (`polledSeconds` without an active
 * channel, `notifiedSeconds` with one), a channel to replace, a horizon to roll, a full read to
 * repeat. A channel that has not announced our own write within `awaitedSeconds`, and nothing
 * since, counts as inactive. One statement; a quiet fleet costs one scan, in which most rows are
 * compared with `limits` only.
 *
 * Polls are spread over `spreadSeconds`, each calendar at its own offset, so that a fleet which
 * became due together does not call Google in one second. A poll that is already queued keeps its
 * time; otherwise a busy queue would postpone it for ever.
 */
export const enqueueDue = async (
  db: GlobalDb | GlobalTx,
  options: {
    polledSeconds: number
    notifiedSeconds: number
    awaitedSeconds: number
    renewHours: number
    spreadSeconds: number
  },
): Promise<number> => {
  const rows = await db.execute(sql`
    with limits as materialized (
      select now() - make_interval(secs => ${options.polledSeconds}::int) as polled,
        now() - make_interval(secs => ${options.notifiedSeconds}::int) as notified,
        now() - make_interval(secs => ${options.awaitedSeconds}::int) as awaited,
        now() - interval '1 day' as last_notification,
        now() + make_interval(hours => ${options.renewHours}::int) as channel_end,
        now() + interval '24 months' as horizon),
    due as (
      select c.id, r.requested > r.processed or c.retry_at is not null or c.last_success_at is null as is_urgent
      from limits l cross join synced_calendars c join sync_requests r on r.synced_calendar_id = c.id
      where (not c.waits_for_person or c.retry_at is not null)
        and (c.retry_at is null or c.retry_at <= now())
        and (r.requested > r.processed or c.retry_at is not null or c.last_success_at is null
          or (c.last_success_at < l.polled and (c.last_success_at < l.notified
            or (c.channel_expires_at > now() and greatest(r.last_notification_at, c.channel_created_at)
              > greatest(l.last_notification, case when r.notification_awaited_since <= l.awaited
                then r.notification_awaited_since - interval '1 microsecond' end)) is not true))
          or (c.channel_expires_at < l.channel_end and not c.channel_unsupported)
          or c.horizon_end < l.horizon or c.full_read_at <= now())
    )
    select graphile_worker.add_job('sync-calendar', json_build_object('syncedCalendarId', due.id),
      job_key => 'sync:' || due.id, max_attempts => 25, flags => array[due.id::text],
      run_at => now() + case when is_urgent then interval '0'
        else (hashtextextended(due.id::text, 0) & 65535) / 65536.0 * make_interval(secs => ${options.spreadSeconds}::int) end,
      job_key_mode => case when is_urgent then 'replace' else 'preserve_run_at' end)
    from (select * from due order by id) due`)
  return rows.length
}
