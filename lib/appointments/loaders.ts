import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { readAppointment } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readMembers } from '#db/queries/members.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import { ownRows } from '#lib/auth/door.ts'
import { actingViewer, requireViewer } from '#lib/auth/viewer.ts'
import type { Member, OpeningHours, Role } from '#lib/business/schema.ts'
import type { Result } from '#lib/result.ts'
import { readCalendarRange } from './range.ts'
import { readRange } from './range-request.ts'
import type { Appointment, CalendarRange } from './schema.ts'

export type RangeQuery = { from: string | null; to: string | null; cancelled: boolean }

/** What `GET /api/calendar` answers to the person who is signed in. */
export const calendarRange = async (
  query: RangeQuery,
): Promise<Result<CalendarRange, 'signed-out' | 'invalid' | 'range-too-long'>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const { businessId, role, timeZone } = acting.viewer
  const range = readRange(query, timeZone)
  if (!range.ok) return range
  const now = Temporal.Now.instant().toString()
  const { cancelled } = query
  const found = await readCalendarRange(ownRows({ businessId }), {
    businessId,
    role,
    span: range.span,
    cancelled,
    now,
  })
  return { ok: true, ...found }
}

/** What the calendar page knows before any appointment is read. */
export type CalendarSetup = {
  memberId: string
  role: Role
  timeZone: string
  openingHours: OpeningHours
  defaultMinutes: number
  members: Member[]
  /** The only member whom a Google event without guests blocks; null = it blocks everyone. */
  guestlessBlocks: string | null
}

export const calendarSetup = async (): Promise<CalendarSetup> => {
  const { businessId, memberId, role, timeZone } = await requireViewer()
  const [business, members, facts] = await Promise.all([
    readBusiness(ownRows({ businessId }), businessId),
    readMembers(ownRows({ businessId }), businessId),
    readCalendarFacts(ownRows({ businessId }), businessId),
  ])
  const { openingHours = {}, defaultMinutes = 60 } = business ?? {}
  const guestlessBlocks =
    facts.guestlessBlocks === 'linked-member' ? (facts.connection?.linkedBy ?? null) : null
  return { memberId, role, timeZone, openingHours, defaultMinutes, members, guestlessBlocks }
}

/** The appointment that an address names, also a cancelled one; null when it is not one of this business. */
export const namedAppointment = async (id: string): Promise<Appointment | null> => {
  const { businessId, role } = await requireViewer()
  if (!z.uuid().safeParse(id).success) return null
  const row = await readAppointment(ownRows({ businessId }), { businessId, id })
  if (!row) return null
  const span = { start: row.startsAt, end: row.endsAt }
  const now = Temporal.Now.instant().toString()
  const { appointments } = await readCalendarRange(ownRows({ businessId }), {
    businessId,
    role,
    span,
    cancelled: true,
    now,
  })
  return appointments.find((appointment) => appointment.id === id) ?? null
}
