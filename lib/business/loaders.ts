import 'server-only'
import { Temporal } from 'temporal-polyfill'
import { readNextAppointment } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, requireOwner } from '#lib/auth/viewer.ts'
import { exportRunning, takeExportLease } from '#lib/export-lease.ts'
import type { Result } from '#lib/result.ts'
import { textStream } from '#lib/text-stream.ts'
import { exportAsIcs, exportAsJson } from './export.ts'
import { countries, type PublicHoliday, publicHolidays, type Region, statesOf } from './holidays.ts'
import type { BusinessSettings } from './schema.ts'

type Format = 'json' | 'ics'

/** Streams an export and records it in the activity log. */
export const businessExport = async (
  format: Format,
): Promise<Result<{ body: ReadableStream<Uint8Array> }, 'signed-out' | 'forbidden' | 'export-running'>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const { businessId, memberId } = acting.viewer
  const lease = await takeExportLease(acting.viewer)
  if (!lease) return exportRunning
  const db = tenantDbOf(acting.viewer)
  const options = { businessId, now: Temporal.Now.instant().toString() }
  await recordActivity(db, [
    { businessId, actor: { kind: 'member', memberId }, what: 'business.exported', after: { format } },
  ])
  return {
    ok: true,
    body: textStream(lease.hold(format === 'ics' ? exportAsIcs(db, options) : exportAsJson(db, options))),
  }
}

export type BusinessPage = {
  settings: BusinessSettings
  /** The next appointment, an example for a change of time zone. */
  next: { title: string; start: string } | null
  /** Booked appointments that have not ended. */
  upcoming: number
  holidays: HolidayChoice
}

/** The holidays of the chosen region that are no exceptions yet. */
export type HolidayChoice = { countries: Region[]; states: Region[]; offered: PublicHoliday[] }

export const businessPage = async (): Promise<BusinessPage> => {
  const { businessId } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const [settings, upcoming] = await Promise.all([
    readBusiness(db, businessId),
    readNextAppointment(db, { businessId, now: Temporal.Now.instant().toString() }),
  ])
  if (!settings) throw new Error('The business of a signed-in member is gone.')
  return { settings, ...upcoming, holidays: holidayChoice(settings) }
}

const holidayChoice = ({ holidayRegion, openingExceptions, timeZone }: BusinessSettings): HolidayChoice => {
  if (!holidayRegion) return { countries: countries(), states: [], offered: [] }
  const known = new Set(openingExceptions.map(({ date }) => date))
  const offered = publicHolidays(holidayRegion, Temporal.Now.plainDateISO(timeZone).toString())
  return {
    countries: countries(),
    states: statesOf(holidayRegion.slice(0, 2)),
    offered: offered.filter(({ date }) => !known.has(date)),
  }
}
