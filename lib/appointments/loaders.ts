import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { readAppointment } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readCustomers } from '#db/queries/customers.ts'
import { readMembers } from '#db/queries/members.ts'
import type { Member, Role } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer, requireViewer } from '#lib/auth/viewer.ts'
import type { Clash } from '#lib/availability/clash.ts'
import type { Opening } from '#lib/availability/opening.ts'
import { cleanText } from '#lib/clean-text.ts'
import type { Result } from '#lib/result.ts'
import { offeredServices } from '#lib/services/loaders.ts'
import type { OfferedService } from '#lib/services/schema.ts'
import { readBusy } from './busy.ts'
import { justBooked, readCalendarRange } from './range.ts'
import { readRange } from './range-request.ts'
import { orTooMany } from './read-budget.ts'
import { limitedLookup, limitedRead, type ReadRefusal } from './read-limits.ts'
import type { Appointment, CalendarRange, Customer } from './schema.ts'
import { toAppointmentState } from './state.ts'

type RangeRefusal = 'invalid' | 'range-too-long' | ReadRefusal

export type RangeQuery = { from: string | null; to: string | null; cancelled: boolean }

/** The answer of `GET /api/calendar` for the signed-in member. */
export const calendarRange = async (query: RangeQuery): Promise<Result<CalendarRange, 'signed-out' | RangeRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const { businessId, role, memberId: viewerId, timeZone } = acting.viewer
  const range = readRange(query, timeZone)
  if (!range.ok) return range
  const now = Temporal.Now.instant().toString()
  const { cancelled } = query
  const { span } = range
  const found = await limitedRead(acting.viewer, span, () =>
    orTooMany(() =>
      readCalendarRange(tenantDbOf({ businessId }), { businessId, role, viewerId, span, cancelled, now }),
    ),
  )
  return found.ok ? { ok: true, ...found.value } : found
}

/** Customers whose last appointment is older than five years are not suggested. */
const rememberedHours = 5 * 366 * 24
const longestName = 200

/** The answer of `GET /api/calendar/customers`: customers with a name part that starts so. */
export const findCustomers = async (
  name: string,
): Promise<Result<{ customers: Customer[] }, 'signed-out' | 'rate-limited'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const { businessId } = acting.viewer
  const text = cleanText(name.trim(), { max: longestName }).trim()
  if (text === '') return { ok: true, customers: [] }
  const since = Temporal.Now.instant().subtract({ hours: rememberedHours }).toString()
  return await limitedLookup(acting.viewer, async () => {
    const rows = await readCustomers(tenantDbOf({ businessId }), { businessId, text, since, limit: 6 })
    return { ok: true, customers: [...rows] }
  })
}

type BusyTimesQuery = { from: string | null; to: string | null; except: string | null }

/** The answer of `GET /api/calendar/busy`: everything that takes the time of an active member. */
export const busyTimes = async (
  query: BusyTimesQuery,
): Promise<Result<{ busy: Clash[] }, 'signed-out' | RangeRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const { businessId, role, memberId: viewerId, timeZone } = acting.viewer
  const range = readRange(query, timeZone)
  if (!range.ok) return range
  const except = z.uuid().safeParse(query.except)
  if (!except.success)
    return { ok: false, code: 'invalid', message: 'except: Give the id of the appointment to leave out.' }
  const { span } = range
  const db = tenantDbOf({ businessId })
  const found = await limitedRead(acting.viewer, span, () =>
    orTooMany(() =>
      db.transaction(async (tx) => {
        const memberIds = (await readMembers(tx, businessId)).filter(({ active }) => active).map(({ id }) => id)
        return await readBusy(tx, { businessId, role, viewerId, memberIds, span, exceptId: except.data })
      }),
    ),
  )
  return found.ok ? { ok: true, busy: found.value } : found
}

/** What the calendar page needs besides the appointments. */
export type CalendarSetup = Required<Opening> & {
  memberId: string
  role: Role
  timeZone: string
  defaultMinutes: number
  members: Member[]
  services: OfferedService[]
}

export const calendarSetup = async (): Promise<CalendarSetup> => {
  const { businessId, memberId, role, timeZone } = await requireViewer()
  // One transaction, which enters the business once and pipelines its statements.
  const [[business, members], services] = await Promise.all([
    tenantDbOf({ businessId }).transaction((tx) =>
      Promise.all([readBusiness(tx, businessId), readMembers(tx, businessId)]),
    ),
    offeredServices(businessId),
  ])
  const { openingHours = {}, openingExceptions = [], defaultMinutes = 60 } = business ?? {}
  return {
    ...{ memberId, role, timeZone, openingHours, openingExceptions },
    ...{ defaultMinutes, members, services },
  }
}

/** The appointment in `?appointment=`, cancelled or not; null if it is not one of this business. */
export const deepLinkedAppointment = async (id: string): Promise<Appointment | null> => {
  const viewer = await requireViewer()
  const { businessId, role, memberId: viewerId } = viewer
  if (!z.uuid().safeParse(id).success) return null
  const row = await readAppointment(tenantDbOf({ businessId }), { businessId, id })
  if (!row) return null
  const span = { start: row.startsAt, end: row.endsAt }
  const now = Temporal.Now.instant().toString()
  const found = await limitedRead(viewer, span, () =>
    orTooMany(() =>
      readCalendarRange(tenantDbOf({ businessId }), { businessId, role, viewerId, span, cancelled: true, now }),
    ),
  )
  // Without its clashes and its sync mark rather than not at all.
  if (!found.ok) return justBooked(toAppointmentState(row))
  return found.value.appointments.find((appointment) => appointment.id === id) ?? null
}
