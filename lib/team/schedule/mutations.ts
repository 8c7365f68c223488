import { isDeepStrictEqual } from 'node:util'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentRow, readAppointmentsForUpdate, writeAppointment } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { lockTeam, readUpcomingOfMember } from '#db/queries/members.ts'
import { lockCalendar, readCalendarFacts } from '#db/queries/occurrences.ts'
import { takeOverHolds } from '#db/queries/receptionist/holds.ts'
import { deleteTimeOff, insertTimeOff, readWorkingHours, updateWorkingHours } from '#db/queries/schedules.ts'
import type { OpeningHours } from '#db/schema/business.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import type { Role } from '#lib/auth/schema.ts'
import { localDays } from '#lib/availability/days.ts'
import { timeOffIntervals } from '#lib/availability/hours.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import { toTimeOff } from '#lib/availability/wall.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { mostListed } from '../schema.ts'
import type { Affected, Answer, ScheduleRefusal, TimeOffEntry, TimeOffFields } from './schema.ts'
import { searchFor } from './takers.ts'

/** The member who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string; role: Role }

/** Staff edit their own time off, if the owner allows it. */
const mayEditTimeOff = async (tx: Tx, { businessId, memberId, role }: By, of: string): Promise<boolean> =>
  role === 'owner' || (of === memberId && ((await readBusiness(tx, businessId))?.staffEditTimeOff ?? false))

const notAllowed = { ok: false, code: 'forbidden', message: 'Only the owner can do this.' } as const

type Hours = OpeningHours | null

/** Null: the opening hours of the business. Returns the previous hours. */
export const setWorkingHours = (db: Db, by: By, { memberId, hours }: { memberId: string; hours: Hours }) =>
  db.transaction(async (tx): Promise<Result<{ before: Hours }, ScheduleRefusal>> => {
    const { businessId } = by
    const team = await lockTeam(tx, businessId)
    const present = (await readWorkingHours(tx, businessId)).find((each) => each.memberId === memberId)
    const name = team.find(({ id }) => id === memberId)?.name
    if (!present || !name) return gone
    const before = present.workingHours
    if (isDeepStrictEqual(before, hours)) return { ok: true, before }
    await updateWorkingHours(tx, { businessId, memberId }, hours)
    await recordByMember(tx, by, {
      what: 'member.hours-changed',
      before: { member: name, workingHours: before },
      after: { member: name, workingHours: hours },
    })
    return { ok: true, before }
  })

export type NewTimeOff = {
  id: string
  memberId: string
  fields: TimeOffFields
  answers: Readonly<Record<string, Answer>>
  keepOthers: boolean
  now: string
}

export type TimeOffResult = Result<{ cancelled: number; reassigned: number }, ScheduleRefusal> & {
  /** With `appointments`: those that need an answer. */
  affected?: Affected[]
}

/**
 * Adds time off and answers for the appointments in it, in one transaction. Without an answer for
 * each, nothing changes and `affected` lists them.
 */
export const addTimeOff = (db: Db, by: By, off: NewTimeOff) =>
  db
    .transaction(async (tx): Promise<TimeOffResult> => {
      const { businessId } = by
      const { id, memberId, fields, answers, keepOthers, now } = off
      if (!(await mayEditTimeOff(tx, by, memberId))) return notAllowed
      // Lock order: calendar, appointments, members.
      const [, { timeZone }] = await Promise.all([
        lockCalendar(tx, businessId, 'wait'),
        readCalendarFacts(tx, businessId),
      ])
      const upcoming = await readUpcomingOfMember(tx, { businessId, memberId, now })
      const within = inTimeOff(upcoming, { fields, timeZone, now })
      if (within.length > mostListed) return tooMany
      const rows = await readAppointmentsForUpdate(tx, { businessId, ids: within.map((each) => each.id) })
      const team = await lockTeam(tx, businessId)
      const member = team.find((each) => each.id === memberId && each.active)
      if (!member) return gone
      const affected = rows
        .filter((row) => row.status === 'booked' && row.assigneeIds.includes(memberId))
        .sort((a, b) => epochMs(a.startsAt) - epochMs(b.startsAt))
      const search = await searchFor(tx, businessId, { affected, memberId, now })
      const open = affected.filter((row) => !answers[row.id] && !keepOthers)
      if (open.length > 0)
        return { ...unanswered, affected: open.map((row) => ({ ...shown(row), takers: search.takersOf(row, team) })) }
      const counts = { cancelled: 0, reassigned: 0 }
      for (const row of affected) {
        const answer = answers[row.id] ?? 'keep'
        if (answer === 'keep') continue
        if (answer === 'cancel') {
          await cancel(tx, by, row)
          counts.cancelled++
          continue
        }
        const taker = search.takersOf(row, team).find((each) => each.id === answer.reassignTo)
        // Rolls back what was done so far.
        if (!taker) throw new NotFree(row.title)
        search.take(row, taker.id)
        await reassign(tx, by, { row, from: memberId, to: taker.id, name: member.name })
        counts.reassigned++
      }
      if (!(await insertTimeOff(tx, { ...fields, id, memberId, businessId }))) return gone
      if (counts.cancelled + counts.reassigned > 0) await enqueueSyncOfBusiness(tx, businessId)
      await recordByMember(tx, by, {
        what: 'member.time-off-added',
        after: { member: member.name, ...loggedTimes(fields) },
      })
      return { ok: true, ...counts }
    })
    .catch((error: unknown): TimeOffResult => {
      if (!(error instanceof NotFree)) throw error
      return { ok: false, code: 'taken', message: `That member is no longer free for “${error.title}”. Choose again.` }
    })

class NotFree extends Error {
  readonly title: string
  constructor(title: string) {
    super()
    this.title = title
  }
}

/** Returns the entry; adding it again undoes the removal. */
export const removeTimeOff = (db: Db, by: By, id: string) =>
  db.transaction(async (tx): Promise<Result<{ removed: TimeOffEntry }, ScheduleRefusal>> => {
    const { businessId } = by
    const team = await lockTeam(tx, businessId)
    // Before the look-up: staff without permission learn nothing about ids.
    if (!(await mayEditTimeOff(tx, by, by.memberId))) return notAllowed
    const own = by.role === 'owner' ? {} : { memberId: by.memberId }
    const removed = await deleteTimeOff(tx, { businessId, id, ...own })
    if (!removed) return { ...gone, message: 'This time off was removed.' }
    const member = team.find((each) => each.id === removed.memberId)?.name ?? ''
    await recordByMember(tx, by, { what: 'member.time-off-removed', after: { member, ...loggedTimes(removed) } })
    return { ok: true, removed }
  })

type Times = { id: string; start: string; end: string }

/** Those that overlap the time off; a repeating one is compared for two years. */
const inTimeOff = <T extends Times>(
  upcoming: readonly T[],
  { fields, timeZone, now }: { fields: TimeOffFields; timeZone: string; now: string },
): T[] => {
  const clock = zoneClock(timeZone)
  const last = Math.min(
    Math.max(0, ...upcoming.map(({ end }) => epochMs(end))),
    epochMs(now) + (fields.repeats === 'never' ? 100 : 2) * 366 * 86_400_000,
  )
  const days = localDays(clock, { from: epochMs(now), until: Math.max(last, epochMs(now) + 1) })
  const off = timeOffIntervals(clock, days, toTimeOff({ id: '', ...fields }))
  return upcoming.filter(({ start, end }) =>
    off.some(({ from, until }) => from < epochMs(end) && epochMs(start) < until),
  )
}

const shown = ({ id, title, startsAt, endsAt }: AppointmentRow) => ({ id, title, start: startsAt, end: endsAt })

const cancel = async (tx: Tx, by: By, row: AppointmentRow) => {
  await writeAppointment(tx, { ...row, status: 'cancelled', removedInGoogleAt: null, revision: row.revision + 1 })
  const content = { title: row.title, start: row.startsAt, end: row.endsAt, assigneeIds: row.assigneeIds }
  await recordActivity(tx, [
    {
      businessId: by.businessId,
      actor: actor(by),
      what: 'appointment.cancelled',
      detail: 'An assignee has time off.',
      appointmentId: row.id,
      before: { ...content, status: 'booked' },
      after: { ...content, status: 'cancelled' },
    },
  ])
}

type Reassignment = { row: AppointmentRow; from: string; to: string; name: string }

const reassign = async (tx: Tx, by: By, { row, from, to, name }: Reassignment) => {
  const assigneeIds = [...new Set([...row.assigneeIds.filter((id) => id !== from), to])].sort()
  await takeOverHolds(tx, { businessId: by.businessId, start: row.startsAt, end: row.endsAt, memberIds: assigneeIds })
  await writeAppointment(tx, { ...row, assigneeIds, revision: row.revision + 1 })
  await recordActivity(tx, [
    {
      businessId: by.businessId,
      actor: actor(by),
      what: 'appointment.edited',
      detail: `${name} has time off.`,
      appointmentId: row.id,
      before: { title: row.title, assigneeIds: row.assigneeIds },
      after: { title: row.title, assigneeIds },
    },
  ])
}

const actor = ({ memberId }: By) => ({ kind: 'member', memberId }) as const

/** The reason is private: it is not logged. */
const loggedTimes = ({ startsAt, endsAt, repeats, lastDate }: TimeOffFields) => ({
  timeOff: `${startsAt.replace('T', ' ')} to ${endsAt.replace('T', ' ')}`,
  repeats,
  lastDate,
})

const gone = { ok: false, code: 'not-found', message: 'This person is not in the team.' } as const

const tooMany = {
  ok: false,
  code: 'too-many',
  message: `More than ${mostListed} appointments are in this time. Add shorter time off.`,
} as const

const unanswered = {
  ok: false,
  code: 'appointments',
  message: 'There are appointments in this time. Say what happens to each.',
} as const
