import type { BusinessId } from '#db/business-id.ts'
import { insertApiRequests, type NewApiRequest } from '#db/queries/receptionist/api-requests.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { cleanText } from '#lib/clean-text.ts'
import { inBackground } from '#lib/observe/in-background.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { processSingleton } from '#lib/process-singleton.ts'

/** What was asked and answered with keys, as the owner reads it. */

type Row = NewApiRequest & { businessId: BusinessId }
type Queue = { waiting: Row[]; running: Promise<void> | null }

const queues = () => processSingleton('api-request-log', () => new Map<BusinessId, Queue>())

/**
 * Appends a row soon after, one insert at a time per business, with all rows that came in between.
 * Rows that cannot be stored are counted in the log of the process.
 */
export const logRequest = (row: Row): void => {
  const queue = queues().get(row.businessId) ?? { waiting: [], running: null }
  queues().set(row.businessId, queue)
  queue.waiting.push(row)
  queue.running ??= write(row.businessId, queue)
  const { running } = queue
  inBackground('api-requests.failed', () => running)
}

const attempts = 3
const mostRows = 200

const write = async (businessId: BusinessId, queue: Queue): Promise<void> => {
  // Rows of the same turn of the event loop share an insert.
  await new Promise((resolve) => setImmediate(resolve))
  while (queue.waiting.length > 0) await insert(businessId, queue.waiting.splice(0, mostRows))
  queues().delete(businessId)
}

const insert = async (businessId: BusinessId, rows: Row[]): Promise<void> => {
  for (let attempt = 1; ; attempt++)
    try {
      return await insertApiRequests(tenantDbOf({ businessId }), rows)
    } catch (error) {
      if (attempt < attempts) await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
      else return log('error', 'api-requests.lost', { businessId, rows: rows.length, error: nameOfError(error) })
    }
}

const longest = 500
const deepest = 3

/** Only which fact proved who the caller is; long texts are cut. */
export const shownOf = (asked: object): Record<string, unknown> => {
  const shown = Object.entries(asked).flatMap(([name, value]) => {
    if (value === undefined) return []
    return [[name, name === 'proof' ? factsOf(value) : cut(value, deepest)]]
  })
  return Object.fromEntries(shown)
}

const factsOf = (proof: unknown) => Object.keys(Object(proof) as object)

const cut = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return cleanText(value, { max: longest })
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return null
  if (Array.isArray(value)) return value.slice(0, 20).map((each) => cut(each, depth - 1))
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, cut(each, depth - 1)]])),
  )
}
