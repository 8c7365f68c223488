import type { NextRequest } from 'next/server'
import { busyTimes } from '#lib/appointments/loaders.ts'
import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

/** `GET /api/calendar/busy?from&to&except`: busy times, without the appointment `except`. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const query = nextUrl.searchParams
  const { ok, ...found } = await busyTimes({
    from: parameter(query, 'from'),
    to: parameter(query, 'to'),
    except: parameter(query, 'except'),
  })
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
