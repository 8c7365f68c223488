import type { NextRequest } from 'next/server'
import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { workingTime } from '#lib/appointments/working-time/loaders.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

/** `GET /api/calendar/working-time?date`: working hours and time off of a day. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const { ok, ...found } = await workingTime(parameter(nextUrl.searchParams, 'date'))
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
