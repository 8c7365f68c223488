import type { NextRequest } from 'next/server'
import { calendarRange } from '#lib/appointments/loaders.ts'
import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

/** `GET /api/calendar?from&to`: rows of the calendar page; `cancelled=1` adds cancelled ones. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const query = nextUrl.searchParams
  const { ok, ...found } = await calendarRange({
    from: parameter(query, 'from'),
    to: parameter(query, 'to'),
    cancelled: parameter(query, 'cancelled') === '1',
  })
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
