import type { Appointment, BusyTime, Hold, Occurrence } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import type { Span } from '#lib/availability/overlap.ts'
import type { GridEvent, Rows } from '../grid/grid-event.ts'

/** A column of the day: a member's, or the one of what is assigned to no active member. */
export type TeamColumn = {
  /** The member's id, or `unassigned`. */
  id: string
  member: Member | null
  name: string
}

const unassigned: TeamColumn = { id: 'unassigned', member: null, name: 'Unassigned' }

/** **Unassigned** and the active members in the order of the team; with a filter, those chosen. */
export const teamColumns = (members: readonly Member[], staff: readonly string[]): TeamColumn[] => [
  unassigned,
  ...members
    .filter(({ id, active }) => active && (staff.length === 0 || staff.includes(id)))
    .map((member) => ({ id: member.id, member, name: member.name })),
]

export type ColumnEvents = {
  column: TeamColumn
  timed: GridEvent[]
  /** Google events and busy times of whole days. */
  allDay: GridEvent[]
}

type Team = {
  date: string
  columns: readonly TeamColumn[]
  members: readonly Member[]
}

/**
 * The events of each column. An appointment is in the column of each assignee. A Google event is in
 * those of the members it concerns, or in all, **Unassigned** included.
 */
export const eventsByColumn = (rows: Rows, { date, columns, members }: Team): ColumnEvents[] => {
  const active = new Set(members.filter((member) => member.active).map(({ id }) => id))
  const isOfNoOne = (ids: readonly string[]) => !ids.some((id) => active.has(id))
  const belongsTo = ({ member }: TeamColumn, ids: readonly string[]) =>
    member ? ids.includes(member.id) : isOfNoOne(ids)
  return columns.map((column) => {
    const occurrences = rows.occurrences.filter(({ memberIds: ids }) => ids.length === 0 || belongsTo(column, ids))
    const busy = rows.busy.filter(({ memberId }) => memberId === column.member?.id)
    const whole = ({ allDay }: { allDay: boolean }) => allDay
    const timed = ({ allDay }: { allDay: boolean }) => !allDay
    const isOn = ({ start, end }: Span) => start <= date && date < end
    return {
      column,
      timed: [
        ...rows.appointments.filter(({ assigneeIds }) => belongsTo(column, assigneeIds)).map(appointmentEvent),
        ...occurrences.filter(timed).map(googleEvent),
        ...busy.filter(timed).map(busyEvent),
        ...rows.holds.filter(({ memberIds }) => belongsTo(column, memberIds)).map(holdEvent),
      ],
      allDay: [
        ...occurrences.filter(whole).filter(isOn).map(googleEvent),
        ...busy.filter(whole).filter(isOn).map(busyEvent),
      ],
    }
  })
}

const appointmentEvent = (appointment: Appointment): GridEvent => ({ kind: 'appointment', appointment })
const googleEvent = (occurrence: Occurrence): GridEvent => ({ kind: 'google', occurrence })
const busyEvent = (busy: BusyTime): GridEvent => ({ kind: 'busy', busy })
const holdEvent = (hold: Hold): GridEvent => ({ kind: 'hold', hold })

export const rowOf = (event: GridEvent): Appointment | Occurrence | BusyTime | Hold => {
  switch (event.kind) {
    case 'appointment':
      return event.appointment
    case 'google':
      return event.occurrence
    case 'busy':
      return event.busy
    case 'hold':
      return event.hold
  }
}

export const idOf = (event: GridEvent): string => {
  const row = rowOf(event)
  return 'googleEventId' in row ? row.googleEventId : row.id
}
