import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { type ExportedTable, exportedTables, readExported } from '#db/queries/export.ts'
import { icsSeries } from '#lib/business/ics-series.ts'
import { icsEnd, icsEvent, icsStart } from './ics.ts'

/** Streams all data of a business as JSON, or its appointments as an iCalendar file. */

type ExportOptions = { businessId: BusinessId; now: string }

const pageLength = 500

async function* rowsOf(db: Db, table: ExportedTable, businessId: BusinessId) {
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof readExported>> = await readExported(db, table, {
      businessId,
      after,
      limit: pageLength,
    })
    yield* page.rows
    after = page.next
  } while (after !== null)
}

export async function* exportAsJson(db: Db, { businessId, now }: ExportOptions): AsyncGenerator<string, void> {
  const business = await readBusiness(db, businessId)
  yield `{"format":"sophiie-calendar-1","exportedAt":${JSON.stringify(now)},"business":${JSON.stringify(business)}`
  for (const table of exportedTables) {
    yield `,\n"${table}":[`
    let first = true
    for await (const row of rowsOf(db, table, businessId)) {
      yield `${first ? '' : ','}\n${JSON.stringify(row)}`
      first = false
    }
    yield ']'
  }
  yield '}\n'
}

type ExportedAppointment = Parameters<typeof icsEvent>[0]

export async function* exportAsIcs(db: Db, { businessId, now }: ExportOptions): AsyncGenerator<string, void> {
  const business = await readBusiness(db, businessId)
  yield icsStart(business?.name ?? '')
  for await (const row of rowsOf(db, 'appointments', businessId))
    if (row.series === null) yield icsEvent(row as ExportedAppointment, now)
  for await (const row of rowsOf(db, 'series', businessId))
    yield* icsSeries(db, { businessId, id: String(row.id), now })
  yield icsEnd
}
