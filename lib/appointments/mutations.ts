import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  insertAppointment,
  lockMembers,
  readAppointment,
  readAppointmentForUpdate,
  readOverlapping,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { blockerOfAppointment, clashesOf, type Span } from '#lib/availability/overlap.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { type Applied, type AppointmentState, applyChange, type ChangeEffect } from './change.ts'
import { readOccurrences } from './occurrences.ts'
import { blockersOf } from './range.ts'
import type { AppointmentChange } from './schema.ts'
import { rowOf, stateOf } from './state.ts'

export type ChangeOrder = {
  businessId: BusinessId
  /** Who asks: named in the activity, and decides what a refusal may tell. */
  member: { id: string; role: Role }
  change: AppointmentChange
  bookAnyway: boolean
  googleUnchecked: boolean
}

/**
 * One change in one transaction: row, assignees, revision, activity, the look that sends it to Google, and the word to
 * open pages. Locks in this order: connection, appointment, members by id; whoever else writes appointments does too.
 */
export const changeAppointmentRow = async (db: Db, order: ChangeOrder): Promise<Applied> => {
  try {
    return await db.transaction((tx) => decide(tx, order))
  } catch (error) {
    // Whatever the checks missed, the database refuses; the answer is the same.
    if (!isOverlapRefused(error)) throw error
    return await db.transaction((tx) => refuseOverlap(tx, order))
  }
}

const decide = async (tx: Tx, order: ChangeOrder): Promise<Applied> => {
  const { businessId, change } = order
  // What is sent together is done in this order: locks keep theirs, and what is read after them is read as it is then.
  const [facts, row] = await Promise.all([
    readCalendarFacts(tx, businessId, { lock: true }),
    readAppointmentForUpdate(tx, { businessId, id: change.id }),
  ])
  const wanted = wantedOf(row && stateOf(row), change)
  const [active, blockers] = await Promise.all([
    lockMembers(tx, { businessId, memberIds: wanted.assigneeIds }),
    readBlockers(tx, order, { facts, wanted }),
  ])
  const applied = applyChange(row && stateOf(row), change, {
    clashesOf: (next) => clashesOf(next, blockers),
    isActiveMember: (id) => active.includes(id),
    bookAnyway: order.bookAnyway,
    googleUnchecked: order.googleUnchecked,
  })
  if (!applied.ok || applied.effect === 'nothing') return applied
  return await write(tx, order, { before: row, after: applied })
}

type Takes = Span & { assigneeIds: string[] }

/** The time and the people that the change is about, before and after it: what has to be locked and compared. */
const wantedOf = (current: AppointmentState | null, change: AppointmentChange): Takes => {
  const fields = 'fields' in change ? change.fields : null
  const times = fields ?? ('start' in change ? change : null) ?? current
  const people = new Set([...(current?.assigneeIds ?? []), ...(fields?.assigneeIds ?? [])])
  return { start: times?.start ?? '', end: times?.end ?? '', assigneeIds: [...people].sort() }
}

const readBlockers = async (
  tx: Tx,
  { businessId, member, change }: ChangeOrder,
  { facts, wanted }: { facts: CalendarFacts; wanted: Takes },
): Promise<Clash[]> => {
  if (wanted.start === '') return []
  const { start, end, assigneeIds: memberIds } = wanted
  const { connection } = facts
  const [others, occurrences] = await Promise.all([
    readOverlapping(tx, { businessId, start, end, memberIds, exceptId: change.id }),
    readOccurrences(tx, { businessId, connection, span: wanted, blocking: true }),
  ])
  const held = others.flatMap((other) => blockerOfAppointment(stateOf(other)) ?? [])
  return [...held, ...blockersOf(occurrences, facts, { role: member.role, staffSee: facts.staffSee })]
}

const write = async (
  tx: Tx,
  order: ChangeOrder,
  { before, after }: { before: AppointmentRow | null; after: Extract<Applied, { ok: true }> },
): Promise<Applied> => {
  const { businessId, member } = order
  const kept = before ?? { businessId, createdBy: member.id, removedInGoogleAt: null }
  const row = rowOf(after.row, kept)
  if (before) await writeAppointment(tx, row)
  else if (!(await insertAppointment(tx, row))) return await alreadyThere(tx, order)
  const entry = {
    businessId,
    actor: { kind: 'member' as const, memberId: member.id },
    what: `appointment.${after.effect}`,
    detail: detailOf(after),
    appointmentId: row.id,
    before: before && contentOf(stateOf(before)),
    after: contentOf(after.row),
  }
  await Promise.all([
    recordActivity(tx, [entry]),
    enqueueSyncOfBusiness(tx, businessId),
    publishChange(tx, businessId, 'rows'),
  ])
  return after
}

/** The same create came twice at once: the first one is the answer. The id of another business is nobody's business. */
const alreadyThere = async (tx: Tx, { businessId, change }: ChangeOrder): Promise<Applied> => {
  const row = await readAppointment(tx, { businessId, id: change.id })
  if (row) return { ok: true, row: stateOf(row), effect: 'nothing' }
  return { ok: false, code: 'not-found', message: 'This appointment is not there any more.' }
}

const detailOf = ({ row, effect }: { row: AppointmentState; effect: ChangeEffect }) => {
  if (effect === 'nothing' || row.status === 'cancelled') return ''
  const notes = [
    row.overlapAllowed === 'booked-anyway' && 'Booked anyway, over what it clashes with.',
    row.googleUnchecked && 'Google could not be checked.',
  ]
  return notes.filter(Boolean).join(' ')
}

const contentOf = ({
  revision: _,
  removedInGoogle: __,
  googleUnchecked: ___,
  ...content
}: AppointmentState) => content

/** 23P01: the exclusion constraint of `appointment_assignees`. */
const isOverlapRefused = (error: unknown): boolean => {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return code === '23P01' || (cause instanceof Error && isOverlapRefused(cause))
}

/** Reads again what won the race. */
const refuseOverlap = async (tx: Tx, order: ChangeOrder): Promise<Applied> => {
  const { businessId, change } = order
  const facts = await readCalendarFacts(tx, businessId)
  const row = await readAppointment(tx, { businessId, id: change.id })
  const wanted = wantedOf(row && stateOf(row), change)
  const clashes = clashesOf({ ...wanted, id: change.id }, await readBlockers(tx, order, { facts, wanted }))
  return { ok: false, code: 'clash', message: 'That time is taken.', clashes }
}
