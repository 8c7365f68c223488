import { statusOfRefusal } from '#lib/appointments/read-limits.ts'
import { todo } from '#lib/appointments/todo/loaders.ts'
import { problem } from '#lib/problem.ts'

/** `GET /api/calendar/todo`: appointments to confirm and messages of callers. */
export const GET = async (): Promise<Response> => {
  const { ok, ...found } = await todo()
  if ('code' in found) return problem(statusOfRefusal[found.code], found)
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
