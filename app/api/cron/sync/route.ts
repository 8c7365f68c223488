import type { NextRequest } from 'next/server'
import { isScheduler, runSchedule } from '#lib/jobs/cron.ts'

export const maxDuration = 60

/** Called by the scheduler: queues due jobs, runs them within a time budget, returns counts. */
export const GET = async (request: NextRequest) => {
  if (!isScheduler(request.headers.get('authorization')))
    return Response.json({ code: 'unauthorized', message: 'A valid bearer token is required.' }, { status: 401 })
  return Response.json(await runSchedule(), { headers: { 'Cache-Control': 'no-store' } })
}
