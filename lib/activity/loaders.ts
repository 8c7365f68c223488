import 'server-only'
import { readMembers } from '#db/queries/members.ts'
import type { Member, Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, requireOwner } from '#lib/auth/viewer.ts'
import type { Result } from '#lib/result.ts'
import { textStream } from '#lib/text-stream.ts'
import { csvHeader, csvRow } from './csv.ts'
import { type ActivityLines, filterOf, readLines, settingOf } from './read.ts'
import { type ActivityQuery, activityQuerySchema } from './schema.ts'

const pageLength = 50
const batch = 500

export type ActivityPage = ActivityLines & { members: Member[]; timeZone: string; query: ActivityQuery }

/** One page of what happened, by the filters of an address. */
export const activityPage = async (given: unknown): Promise<ActivityPage> => {
  const { businessId, timeZone } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const query = activityQuerySchema.parse(given)
  const [setting, members] = await Promise.all([
    settingOf(db, { businessId, timeZone }),
    readMembers(db, businessId),
  ])
  const wanted = { filter: filterOf(businessId, query), setting, before: query.before, limit: pageLength }
  return { ...(await readLines(db, wanted)), members, timeZone, query }
}

/** The whole log, by the same filters, as CSV: read a batch at a time, so that its length costs no memory. */
export const activityCsv = async (
  given: unknown,
): Promise<Result<{ csv: ReadableStream<Uint8Array> }, 'signed-out' | 'forbidden'>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const query = activityQuerySchema.parse(given)
  return { ok: true, csv: textStream(rows(acting.viewer, query)) }
}

async function* rows({ businessId, timeZone }: Viewer, query: ActivityQuery): AsyncGenerator<string, void> {
  const db = tenantDbOf({ businessId })
  const setting = await settingOf(db, { businessId, timeZone })
  const filter = filterOf(businessId, query)
  // The mark tells spreadsheets that this is UTF-8.
  yield `\uFEFF${csvHeader()}`
  let before: number | undefined | null
  do {
    const { lines, next } = await readLines(db, {
      filter,
      setting,
      before: before ?? undefined,
      limit: batch,
    })
    if (lines.length > 0) yield lines.map(csvRow).join('')
    before = next
  } while (before !== null)
}
