import type { NextRequest } from 'next/server'
import { isScheduler, runSchedule } from '#lib/jobs/cron.ts'

export const maxDuration = 60

/** The scheduler's one address: queues what is due, works it off within a budget, answers counts. */
export const GET = async (request: NextRequest) => {
  if (!isScheduler(request.headers.get('authorization')))
    return Response.json(
      { code: 'unauthorized', message: 'A valid bearer token is needed.' },
      { status: 401 },
    )
  return Response.json(await runSchedule(), { headers: { 'Cache-Control': 'no-store' } })
}
