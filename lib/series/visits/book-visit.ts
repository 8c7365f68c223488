import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { lockMembers, readAppointment } from '#db/queries/appointments.ts'
import { insertAppointments } from '#db/queries/series/appointments.ts'
import { readSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readVisit, updateVisit } from '#db/queries/series/visits.ts'
import type { AppointmentState } from '#lib/appointments/change.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { inTurns, lockTurn, type Mode } from '#lib/appointments/write/in-turns.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Refusal } from '#lib/result.ts'
import { type DecidedDate, decideDates, isBooked } from '../decide-dates.ts'
import { previewOf, readDatesWorld } from '../read-world.ts'
import type { SeriesRefusal } from '../schema.ts'
import { appointmentOfVisit, bookedEntry, detailOf, endHoldsInTheWay, finish } from '../write-visits.ts'

type VisitKey = { businessId: BusinessId; seriesId: string; originalStart: string }

export type BookVisitRequest = VisitKey & {
  member: { id: string; role: Role }
  start: string
  end: string
  bookAnyway: boolean
  now: string
  googleUnchecked: boolean
}

export type BookedVisit =
  | { ok: true; row: AppointmentState; isNew: boolean }
  | (Refusal<SeriesRefusal | 'clash'> & { clashes?: Clash[]; clashCount?: number; gapMinutes?: number })

/** Gives a visit that needs a time one. */
export const bookVisitRow = (db: Db, request: BookVisitRequest): Promise<BookedVisit> =>
  inTurns<BookedVisit>(db, request.businessId, {
    decide: (tx, mode) => (mode === 'look' ? Promise.resolve(null) : decide(tx, request, mode)),
    isWritten: (booked) => booked.ok && booked.isNew,
    onOverlap: async () => clash,
    wants: null,
  })

const clash = { ok: false, code: 'clash', message: 'That time is taken.' } as const

const gone = { ok: false, code: 'not-found', message: 'This visit no longer exists.' } as const

const decide = async (tx: Tx, request: BookVisitRequest, mode: Mode): Promise<BookedVisit | null> => {
  const { businessId, seriesId, originalStart, start, end, bookAnyway, member } = request
  const [isLocked, series, visit] = await Promise.all([
    lockTurn(tx, businessId, mode),
    readSeries(tx, { businessId, id: seriesId }, { lock: true }),
    readVisit(tx, { businessId, seriesId, originalStart }, { lock: true }),
  ])
  if (!isLocked) return null
  if (!series || !visit) return gone
  if (visit.appointmentId) {
    const row = await readAppointment(tx, { businessId, id: visit.appointmentId })
    return row ? { ok: true, row: toAppointmentState(row), isNew: false } : gone
  }
  const active = await lockMembers(tx, { businessId, memberIds: [...series.assigneeIds].sort() })
  const made = { ...series, assigneeIds: series.assigneeIds.filter((id) => active.includes(id)), createdBy: member.id }
  const dates = [{ originalStart, start, end }]
  const query = { ...request, viewer: member, dates, memberIds: made.assigneeIds }
  const read = await readDatesWorld(tx, query)
  const rules = { ...gapsOf(made), memberIds: made.assigneeIds, except: new Set<string>() }
  const choice = bookAnyway ? 'anyway' : { start, end }
  const [decided] = decideDates(read.world, dates, { choices: { [originalStart]: choice }, rules }) ?? []
  if (!decided || !isBooked(decided)) {
    const [found] = await previewOf(tx, query, { read, dates, rules })
    const { clashes = [], clashCount = 0, gapMinutes } = found ?? {}
    return { ...clash, clashes, clashCount, ...(gapMinutes !== undefined && { gapMinutes }) }
  }
  return await write(tx, request, { series: made, decided })
}

const gapsOf = ({ gapBefore, gapAfter }: SeriesRow) => ({ gapBefore, gapAfter })

type Writing = { series: SeriesRow; decided: Extract<DecidedDate, { kind: 'book' }> }

const write = async (tx: Tx, request: BookVisitRequest, { series, decided }: Writing): Promise<BookedVisit> => {
  const { businessId, member, googleUnchecked } = request
  const row = appointmentOfVisit(decided, { businessId, series: { ...series, apiKeyId: null }, googleUnchecked })
  await endHoldsInTheWay(tx, { businessId, memberIds: series.assigneeIds }, [decided])
  await insertAppointments(tx, { businessId, rows: [row] })
  await updateVisit(tx, request, { state: 'booked', appointmentId: row.id, reason: null })
  const actor = { kind: 'member', memberId: member.id } as const
  await finish(tx, { businessId, actor }, [bookedEntry(businessId, row, detailOf(decided, row))])
  return { ok: true, row: toAppointmentState(row), isNew: true }
}

/** Leaves a visit out that needs a time. */
export const skipVisitRow = (
  db: Db,
  key: VisitKey,
): Promise<{ ok: true } | Refusal<'not-found' | 'changed-elsewhere'>> =>
  db.transaction(async (tx) => {
    const visit = await readVisit(tx, key, { lock: true })
    if (!visit) return gone
    if (visit.state === 'booked')
      return { ok: false, code: 'changed-elsewhere', message: 'This visit has been given a time by someone else.' }
    await updateVisit(tx, key, { state: 'skipped', reason: null })
    await publishChange(tx, key.businessId, 'rows')
    return { ok: true }
  })
