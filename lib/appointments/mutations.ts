import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  lockMembers,
  readAppointment,
  readAppointmentForUpdate,
} from '#db/queries/appointments.ts'
import { readTooClose } from '#db/queries/gaps.ts'
import { endAnsweredRemoval } from '#db/queries/mappings/placement.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { takeOverHolds } from '#db/queries/receptionist/holds.ts'
import { readService, type ServiceRow } from '#db/queries/services.ts'
import type { Role } from '#lib/auth/schema.ts'
import { type Clash, listedClashes } from '#lib/availability/clash.ts'
import { blockerOfAppointment, clashesOf, type Span } from '#lib/availability/overlap.ts'
import { lengthOf } from '#lib/dates/format.ts'
import type { Refusal } from '#lib/result.ts'
import { readBlockers } from './busy.ts'
import { type Applied, type AppointmentState, applyChange, sameIds, type TooClose } from './change.ts'
import { orTooMany } from './read-budget.ts'
import { type AppointmentChange, takesTime } from './schema.ts'
import { toAppointmentRow, toAppointmentState } from './state.ts'
import { inTurns, lockTurn, type Mode } from './write/in-turns.ts'
import type { WantedTime } from './write/race.ts'
import { writeDecided } from './write/write-decided.ts'

export type ChangeRequest = {
  businessId: BusinessId
  /** Named in the activity log; the role limits what a refusal reveals. */
  member: { id: string; role: Role }
  change: AppointmentChange
  bookAnyway: boolean
  googleUnchecked: boolean
  /** Another booking, which is ahead, wants the time as well. */
  onRival?: (rival: WantedTime) => void
  /** Asked before anything is written; an answer refuses the change. */
  admit?: () => Promise<Applied | null>
}

/**
 * One change in one transaction: row, assignees, revision, activity, the sync job and the
 * notification of open pages.
 */
export const changeAppointmentRow = (db: Db, request: ChangeRequest): Promise<Applied> =>
  inTurns(db, request.businessId, {
    decide: (tx, mode) => decide(tx, request, mode),
    isWritten: (applied) => applied.ok && applied.effect !== 'nothing',
    onOverlap: (tx) => refuseOverlap(tx, request),
    wants: wantedBy(request),
    onRival: request.onRival,
    admit: request.admit,
    writtenBy: (applied) => (applied.ok && applied.effect === 'booked' ? applied.row : null),
    lostTo: (winner) => lostTo(request, winner),
  })

/** **Book anyway** is not decided by what others take. */
const wantedBy = ({ change, bookAnyway }: ChangeRequest): WantedTime | null => {
  if (bookAnyway || !takesTime(change)) return null
  if ('fields' in change) {
    const { start, end, assigneeIds: memberIds, serviceId = null } = change.fields
    return { start, end, memberIds, serviceId }
  }
  return 'start' in change ? { start: change.start, end: change.end } : null
}

/**
 * A new appointment within the time and among the members of one that was just booked. That one had
 * no clash, so that nothing else is in the way. Another service may not be offered.
 */
const lostTo = ({ change }: ChangeRequest, winner: AppointmentState): Applied | null => {
  if (change.kind !== 'create' || change.id === winner.id || winner.overlapAllowed !== null) return null
  const { start, end, assigneeIds, serviceId = null } = change.fields
  const isWithin = Date.parse(winner.start) <= Date.parse(start) && Date.parse(end) <= Date.parse(winner.end)
  if (!isWithin || serviceId !== winner.serviceId || !assigneeIds.every((id) => winner.assigneeIds.includes(id)))
    return null
  const clashes = clashesOf({ id: change.id, start, end, assigneeIds }, [blockerOfAppointment(winner) ?? []].flat())
  return clashes.length > 0 ? taken(clashes) : null
}

const taken = (clashes: readonly Clash[]): Applied => ({
  ...{ ok: false, code: 'clash', message: 'That time is taken.' },
  ...listedClashes(clashes),
})

const decide = async (tx: Tx, request: ChangeRequest, mode: Mode): Promise<Applied | null> => {
  const { businessId, change } = request
  const isTaking = mode !== 'look'
  const of = { businessId, id: change.id }
  // One round trip, executed in order: locks first, and rows read after them are current.
  const [isLocked, facts, row] = await Promise.all([
    lockTurn(tx, businessId, mode),
    readCalendarFacts(tx, businessId),
    isTaking ? readAppointmentForUpdate(tx, of) : readAppointment(tx, of),
  ])
  if (!isLocked) return null
  const affected = affectedBy(row && toAppointmentState(row), change)
  const [active, service, near, found] = await Promise.all([
    lockMembers(tx, { businessId, memberIds: affected.assigneeIds, lock: isTaking }),
    serviceOf(tx, request),
    takesTime(change) ? tooCloseTo(tx, request, { row, affected }) : [],
    takesTime(change) ? blockersFor(tx, request, { facts, affected }) : noBlockers,
  ])
  if (!found.ok) return found
  const applied = applyChange(row && toAppointmentState(row), change, {
    clashesOf: (next) => clashesOf(next, found.blockers),
    tooClose: (next) => near.filter(({ memberIds }) => memberIds.some((id) => next.assigneeIds.includes(id))),
    isActiveMember: (id) => active.includes(id),
    isOfferedService: (id) => service?.id === id && service.active && !service.deleted,
    bookAnyway: request.bookAnyway,
    googleUnchecked: request.googleUnchecked,
  })
  if (!applied.ok || applied.effect === 'nothing') return applied
  if (!isTaking) return null
  return await write(tx, request, { before: row, after: applied, service })
}

/** Read under the locks of the members, so that two bookings cannot miss each other's gap. */
const tooCloseTo = async (
  tx: Tx,
  { businessId, change }: ChangeRequest,
  { row, affected }: { row: AppointmentRow | null; affected: Affected },
): Promise<TooClose[]> => {
  if (affected.start === '') return []
  const { start, end, assigneeIds: memberIds } = affected
  const chosen = 'fields' in change ? change.fields.serviceId : undefined
  const kept = { before: row?.gapBefore ?? 0, after: row?.gapAfter ?? 0 }
  const gaps =
    chosen === undefined || chosen === row?.serviceId
      ? kept
      : chosen === null
        ? { before: 0, after: 0 }
        : { serviceId: chosen }
  return await readTooClose(tx, { businessId, start, end, memberIds, exceptId: change.id, gaps })
}

const serviceOf = (tx: Tx, { businessId, change }: ChangeRequest) =>
  'fields' in change && change.fields.serviceId ? readService(tx, { businessId, id: change.fields.serviceId }) : null

const noBlockers = { ok: true as const, blockers: [] }

type Affected = Span & { assigneeIds: string[] }

/** The new time, and the assignees before and after the change: what to lock and compare. */
const affectedBy = (current: AppointmentState | null, change: AppointmentChange): Affected => {
  const fields = 'fields' in change ? change.fields : null
  const times = fields ?? ('start' in change ? change : null) ?? current
  const added = fields?.assigneeIds ?? ('assigneeIds' in change ? change.assigneeIds : [])
  const people = new Set([...(current?.assigneeIds ?? []), ...added])
  return { start: times?.start ?? '', end: times?.end ?? '', assigneeIds: [...people].sort() }
}

/** A refusal if there is too much to compare. */
const blockersFor = async (
  tx: Tx,
  { businessId, member, change }: ChangeRequest,
  { facts, affected }: { facts: CalendarFacts; affected: Affected },
): Promise<{ ok: true; blockers: Clash[] } | Refusal<'too-many-occurrences'>> => {
  if (affected.start === '') return { ok: true, blockers: [] }
  const { start, end, assigneeIds: memberIds } = affected
  const search = {
    businessId,
    role: member.role,
    viewerId: member.id,
    memberIds,
    span: { start, end },
    exceptId: change.id,
  }
  const found = await orTooMany(() => readBlockers(tx, search, facts))
  return found.ok ? { ok: true, blockers: found.value } : found
}

type Writing = {
  before: AppointmentRow | null
  after: Extract<Applied, { ok: true }>
  service: ServiceRow | null
}

/** An appointment keeps the gaps that its service had when it was chosen. */
const gapsOf = ({ before, after, service }: Writing) => {
  const source = before && before.serviceId === after.row.serviceId ? before : service
  return { gapBefore: source?.gapBefore ?? 0, gapAfter: source?.gapAfter ?? 0 }
}

const write = async (tx: Tx, request: ChangeRequest, { before, after, service }: Writing): Promise<Applied> => {
  const { businessId, member } = request
  const { start, end, assigneeIds: memberIds } = after.row
  if (request.bookAnyway && takesTime(request.change)) await takeOverHolds(tx, { businessId, start, end, memberIds })
  const stored = before ?? { businessId, createdBy: member.id, apiKeyId: null, removedInGoogleAt: null }
  const row = toAppointmentRow(after.row, { ...stored, ...gapsOf({ before, after, service }) })
  const actor = { kind: 'member', memberId: member.id } as const
  const { effect } = after
  if (effect === 'nothing') return after
  const written = await writeDecided(tx, { businessId, actor, before, row, effect, detail: activityDetail(after) })
  if (!written) return await alreadyThere(tx, request)
  const isReassigned = before && row.removedInGoogleAt !== null && !sameIds(before.assigneeIds, row.assigneeIds)
  const isOver = isReassigned && (await endAnsweredRemoval(tx, { businessId, appointmentId: row.id }))
  return isOver ? { ...after, row: { ...after.row, removedInGoogle: false } } : after
}

/**
 * The id was taken between the read and the insert, usually by a retry of the same create: answer
 * with that row. An id of another business must look like one that does not exist.
 */
const alreadyThere = async (tx: Tx, { businessId, change }: ChangeRequest): Promise<Applied> => {
  const row = await readAppointment(tx, { businessId, id: change.id })
  if (row) return { ok: true, row: toAppointmentState(row), effect: 'nothing' }
  return { ok: false, code: 'not-found', message: 'This appointment no longer exists.' }
}

const activityDetail = ({ row, effect, gapMinutes }: Extract<Applied, { ok: true }>) => {
  if (effect === 'nothing' || row.status === 'cancelled') return ''
  const notes = [
    row.overlapAllowed === 'booked-anyway' && 'Booked anyway, despite the clash.',
    gapMinutes !== undefined && `Booked anyway, less than ${lengthOf(gapMinutes)} from another appointment.`,
    row.googleUnchecked && 'Google could not be checked.',
  ]
  return notes.filter(Boolean).join(' ')
}

/** Reads the appointments that won the race. */
const refuseOverlap = async (tx: Tx, request: ChangeRequest): Promise<Applied> => {
  const { businessId, change } = request
  const facts = await readCalendarFacts(tx, businessId)
  const row = await readAppointment(tx, { businessId, id: change.id })
  const affected = affectedBy(row && toAppointmentState(row), change)
  const found = await blockersFor(tx, request, { facts, affected })
  if (!found.ok) return found
  return taken(clashesOf({ ...affected, id: change.id }, found.blockers))
}
