import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { lockMembers, readAppointment } from '#db/queries/appointments.ts'
import { insertAppointments } from '#db/queries/series/appointments.ts'
import { readSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readVisit, updateVisit, type VisitRow } from '#db/queries/series/visits.ts'
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
import { recordVisitOperation } from '../undo/one-visit.ts'
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
  /** `operationId` is null if the call was a repetition. */
  | { ok: true; row: AppointmentState; operationId: string | null }
  | (Refusal<SeriesRefusal | 'clash'> & { clashes?: Clash[]; clashCount?: number; gapMinutes?: number })

/** Gives a visit that needs a time one. */
export const bookVisitRow = (db: Db, request: BookVisitRequest): Promise<BookedVisit> =>
  inTurns<BookedVisit>(db, request.businessId, {
    decide: (tx, mode) => (mode === 'look' ? Promise.resolve(null) : decide(tx, request, mode)),
    isWritten: (booked) => booked.ok && booked.operationId !== null,
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
    return row ? { ok: true, row: toAppointmentState(row), operationId: null } : gone
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
  return await write(tx, request, { series: made, visit, decided })
}

const gapsOf = ({ gapBefore, gapAfter }: SeriesRow) => ({ gapBefore, gapAfter })

type Writing = { series: SeriesRow; visit: VisitRow; decided: Extract<DecidedDate, { kind: 'book' }> }

const write = async (tx: Tx, request: BookVisitRequest, { series, visit, decided }: Writing): Promise<BookedVisit> => {
  const { businessId, member, googleUnchecked } = request
  const row = appointmentOfVisit(decided, { businessId, series: { ...series, apiKeyId: null }, googleUnchecked })
  await endHoldsInTheWay(tx, { businessId, memberIds: series.assigneeIds }, [decided])
  await insertAppointments(tx, { businessId, rows: [row] })
  const changes = { state: 'booked', appointmentId: row.id, reason: null } as const
  await updateVisit(tx, request, changes)
  const operationId = await recordVisitOperation(tx, {
    ...{ businessId, memberId: member.id, kind: 'book-visit', series, before: visit, after: { ...visit, ...changes } },
    booked: { id: row.id, revision: row.revision },
  })
  const actor = { kind: 'member', memberId: member.id } as const
  await finish(tx, { businessId, actor }, [bookedEntry(businessId, row, detailOf(decided, row))])
  return { ok: true, row: toAppointmentState(row), operationId }
}

/** Leaves a visit out that needs a time. `operationId` is null if it was left out before. */
export const skipVisitRow = (
  db: Db,
  { memberId, ...key }: VisitKey & { memberId: string },
): Promise<{ ok: true; operationId: string | null } | Refusal<'not-found' | 'changed-elsewhere'>> =>
  db.transaction(async (tx) => {
    const { businessId, seriesId } = key
    const series = await readSeries(tx, { businessId, id: seriesId }, { lock: true })
    const visit = await readVisit(tx, key, { lock: true })
    if (!series || !visit) return gone
    if (visit.state === 'booked')
      return { ok: false, code: 'changed-elsewhere', message: 'This visit has been given a time by someone else.' }
    if (visit.state === 'skipped') return { ok: true, operationId: null }
    const changes = { state: 'skipped', reason: null } as const
    await updateVisit(tx, key, changes)
    const operationId = await recordVisitOperation(tx, {
      ...{ businessId, memberId, kind: 'skip-visit', series, before: visit, after: { ...visit, ...changes } },
    })
    await publishChange(tx, businessId, 'rows')
    return { ok: true, operationId }
  })
