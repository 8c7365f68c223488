import { database } from '#db/client.ts'
import { countJobs } from '#db/queries/sync/jobs.ts'
import { env } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import { hashSecret, sameSecret } from '#lib/sync/channel.ts'
import { schedule } from './schedule.ts'
import { drain } from './worker.ts'

/** Plus the longest request to Google it stays under the route's limit of 60 s. */
const budgetMs = 35_000

/** `Authorization: Bearer $CRON_SECRET`, compared in constant time. */
export const isScheduler = (authorization: string | null): boolean =>
  sameSecret(authorization ?? '', hashSecret(`Bearer ${env().CRON_SECRET}`))

export const runSchedule = async () => {
  const started = performance.now()
  const url = env().DATABASE_URL
  const pool = database(url)
  const due = await schedule(pool)
  const waiting = await countJobs(pool.db)
  const none = { ran: 0, pushed: 0, pages: 0, failed: 0, left: 0 }
  const drained = waiting > 0 ? await drain({ databaseUrl: url, budgetMs, jobsLeft: ({ db }) => countJobs(db) }) : none
  const summary = { ok: true, due, ...drained, milliseconds: Math.round(performance.now() - started) }
  log('info', 'cron.sync', {
    calendars: due.calendars,
    revocations: due.revocations,
    ...drained,
    milliseconds: summary.milliseconds,
  })
  return summary
}
