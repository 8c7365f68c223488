import { myChoices } from '#lib/connection/mine/loaders.ts'
import { problem } from '#lib/problem.ts'

/** `GET /api/calendar/mine`: the calendars of the member's own Google account. */
export const GET = async (): Promise<Response> => {
  const { ok, ...found } = await myChoices()
  if ('code' in found) return problem(statuses[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}

const statuses = {
  'signed-out': 401,
  'not-linked': 404,
  revoked: 409,
  'scope-missing': 409,
  unreachable: 503,
} as const
