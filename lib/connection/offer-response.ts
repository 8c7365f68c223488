import { problem } from '#lib/problem.ts'
import type { Result } from '#lib/result.ts'
import type { Offered } from './offered.ts'
import type { RefusedList } from './refused-list.ts'

export type OfferResult = Result<Offered, RefusedList['code'] | 'signed-out' | 'forbidden'>

/** The answer of a route to a page that asks for the calendars of an account. */
export const offerResponse = ({ ok, ...found }: OfferResult): Response =>
  'code' in found
    ? problem(statuses[found.code], found)
    : Response.json(found, { headers: { 'cache-control': 'private, no-store' } })

const statuses = {
  'signed-out': 401,
  forbidden: 403,
  'not-linked': 404,
  revoked: 409,
  'scope-missing': 409,
  unreachable: 503,
} as const
