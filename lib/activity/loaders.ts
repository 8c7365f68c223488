import 'server-only'
import { readMembers } from '#db/queries/members.ts'
import type { Member, Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, requireOwner } from '#lib/auth/viewer.ts'
import { exportRunning, takeExportLease } from '#lib/export-lease.ts'
import type { Result } from '#lib/result.ts'
import { textStream } from '#lib/text-stream.ts'
import { csvHeader, csvRow } from './csv.ts'
import { type ActivityLines, activityContextOf, filterOf, readLines } from './read.ts'
import { type ActivityQuery, activityQuerySchema } from './schema.ts'

const pageLength = 50
const batchSize = 500

export type ActivityPage = ActivityLines & { members: Member[]; timeZone: string; query: ActivityQuery }

/** One page of the activity log, filtered by the query of the address. */
export const activityPage = async (given: unknown): Promise<ActivityPage> => {
  const { businessId, timeZone } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const query = activityQuerySchema.parse(given)
  const [context, members] = await Promise.all([
    activityContextOf(db, { businessId, timeZone }),
    readMembers(db, businessId),
  ])
  const filter = filterOf(businessId, query)
  const page = await readLines(db, { filter, context, before: query.before, limit: pageLength })
  return { ...page, members, timeZone, query }
}

/** The whole log with the same filters as CSV, read in batches to bound memory. */
export const activityCsv = async (
  given: unknown,
): Promise<Result<{ csv: ReadableStream<Uint8Array> }, 'signed-out' | 'forbidden' | 'export-running'>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const query = activityQuerySchema.parse(given)
  const lease = await takeExportLease(acting.viewer)
  if (!lease) return exportRunning
  return { ok: true, csv: textStream(lease.hold(rows(acting.viewer, query))) }
}

async function* rows({ businessId, timeZone }: Viewer, query: ActivityQuery): AsyncGenerator<string, void> {
  const db = tenantDbOf({ businessId })
  const context = await activityContextOf(db, { businessId, timeZone })
  const filter = filterOf(businessId, query)
  // Spreadsheets need the byte order mark to read UTF-8.
  yield `\uFEFF${csvHeader()}`
  let before: number | undefined | null
  do {
    const { lines, next } = await readLines(db, {
      filter,
      context,
      before: before ?? undefined,
      limit: batchSize,
    })
    if (lines.length > 0) yield lines.map(csvRow).join('')
    before = next
  } while (before !== null)
}
