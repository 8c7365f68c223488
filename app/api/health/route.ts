import { healthOf } from '#lib/jobs/health.ts'

export const dynamic = 'force-dynamic'

/** 503 if the database is down or not migrated, or during shutdown. Contains the queue lag. */
export const GET = async () => {
  const health = await healthOf()
  return Response.json(health, { status: health.ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } })
}
