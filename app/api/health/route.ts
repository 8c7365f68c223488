import { isScheduler } from '#lib/jobs/cron.ts'
import { healthOf } from '#lib/jobs/health.ts'

export const dynamic = 'force-dynamic'

/**
 * 503 if the database is down or not migrated, or during shutdown. The reason and the queue lag are
 * for operators only, who send `Authorization: Bearer $CRON_SECRET`.
 */
export const GET = async ({ headers }: Request) => {
  const health = await healthOf()
  const authorization = headers.get('authorization')
  const body = authorization !== null && isScheduler(authorization) ? health : { ok: health.ok }
  return Response.json(body, { status: health.ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } })
}
