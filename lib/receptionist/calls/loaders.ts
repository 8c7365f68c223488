import 'server-only'
import { z } from 'zod'
import { type CallRow, type RequestRow, readCalls, readRequestsOfCalls } from '#db/queries/receptionist/calls.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireOwner } from '#lib/auth/viewer.ts'
import { type Asked, askedInWords, codeInWords, isChange, verbInWords } from './words.ts'

export type CallStep = {
  id: number
  at: string
  did: string
  asked: Asked[]
  said: string
  /** Why it was refused; null if it was done. */
  refused: string | null
  /** It was asked to change something. */
  isChange: boolean
  appointment: { id: string; title: string } | null
}

export type Call = {
  last: number
  callId: string | null
  keyName: string
  test: boolean
  /** In the order in which they were made. */
  steps: CallStep[]
}

export type CallsPage = {
  calls: Call[]
  /** `before` of the next page; null at the end. */
  next: number | null
  query: { call?: string; before?: number }
  timeZone: string
}

const perPage = 15
/** Of a call that never ends. */
const mostSteps = 60

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const querySchema = z.object({
  call: optional(z.string().min(1).max(200)),
  before: optional(z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)),
})

/** The calls of the last 30 days, or the one in `call`; invalid parts of the query are ignored. */
export const callsPage = async (given: unknown): Promise<CallsPage> => {
  const { businessId, timeZone } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const query = querySchema.parse(given)
  const rows = await readCalls(db, { businessId, callId: query.call, before: query.before, limit: perPage + 1 })
  const shown = rows.slice(0, perPage)
  const requests = await readRequestsOfCalls(db, { businessId, calls: shown, most: mostSteps })
  return {
    calls: shown.map((call) => callOf(call, requests, timeZone)),
    next: rows.length > perPage ? (shown.at(-1)?.last ?? null) : null,
    query,
    timeZone,
  }
}

const callOf = ({ last, callId, keyId, keyName, test }: CallRow, requests: RequestRow[], zone: string): Call => ({
  ...{ last, callId, keyName, test },
  steps: requests
    .filter((each) => (callId === null ? each.id === last : each.callId === callId && each.keyId === keyId))
    .map((each) => stepOf(each, zone)),
})

const stepOf = (row: RequestRow, zone: string): CallStep => ({
  id: row.id,
  at: row.at,
  did: verbInWords(row.verb, row.outcome),
  asked: askedInWords(row.asked, zone),
  said: row.said,
  refused: row.outcome === 'ok' ? null : codeInWords(row.outcome),
  isChange: isChange(row.verb),
  appointment: row.appointmentId ? { id: row.appointmentId, title: row.title ?? '' } : null,
})
