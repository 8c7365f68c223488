import { healthOf } from '#lib/jobs/health.ts'

export const dynamic = 'force-dynamic'

/** 200 when the database answers and is migrated, and the process was not told to stop; the numbers tell an operator how far behind the queue is. */
export const GET = async () => {
  const health = await healthOf()
  return Response.json(health, { status: health.ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } })
}
