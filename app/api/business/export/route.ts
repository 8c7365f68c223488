import type { NextRequest } from 'next/server'
import { businessExport } from '#lib/business/loaders.ts'
import { problem } from '#lib/problem.ts'

const statuses = { 'signed-out': 401, forbidden: 403, 'export-running': 429 } as const

/** All data of the viewer's business as JSON; `?format=ics`: its appointments as iCalendar. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const format = nextUrl.searchParams.get('format') === 'ics' ? 'ics' : 'json'
  const found = await businessExport(format)
  if (!found.ok) return problem(statuses[found.code], found)
  return new Response(found.body, {
    headers: {
      'content-type': format === 'ics' ? 'text/calendar; charset=utf-8' : 'application/json',
      'content-disposition': `attachment; filename="sophiie-export.${format}"`,
      'cache-control': 'private, no-store',
    },
  })
}
