import type { NextRequest } from 'next/server'
import { findCustomers } from '#lib/appointments/loaders.ts'
import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { problem } from '#lib/problem.ts'
import { parameter } from '#lib/search-params.ts'

/** `GET /api/calendar/customers?name`: earlier customers whose name starts with `name`. */
export const GET = async ({ nextUrl }: NextRequest): Promise<Response> => {
  const { ok, ...found } = await findCustomers(parameter(nextUrl.searchParams, 'name') ?? '')
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
