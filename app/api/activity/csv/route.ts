import type { NextRequest } from 'next/server'
import { activityCsv } from '#lib/activity/loaders.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

const statuses = { 'signed-out': 401, forbidden: 403, 'export-running': 429 } as const

/** The activity log as CSV, with the filters of its page. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const query = nextUrl.searchParams
  const found = await activityCsv({
    who: parameter(query, 'who') ?? undefined,
    appointment: parameter(query, 'appointment') ?? undefined,
    kind: parameter(query, 'kind') ?? undefined,
  })
  if (!found.ok) return problem(statuses[found.code], found)
  return new Response(found.csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="sophiie-activity.csv"',
      'cache-control': 'private, no-store',
    },
  })
}
