import type { NextRequest } from 'next/server'
import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { rulesOfTime } from '#lib/appointments/rules/loaders.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

/** `GET /api/calendar/rules?from&to&except&service&member…`: the rules that a time breaks. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const query = nextUrl.searchParams
  const { ok, ...found } = await rulesOfTime({
    from: parameter(query, 'from'),
    to: parameter(query, 'to'),
    except: parameter(query, 'except'),
    service: parameter(query, 'service'),
    members: query.getAll('member'),
  })
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
