import type { EventInput } from '@fullcalendar/react'
import type { Appointment, BusyTime, Hold, Occurrence } from '#lib/appointments/schema.ts'

/** An event on the grid. */
export type GridEvent =
  | { kind: 'appointment'; appointment: Appointment }
  | { kind: 'google'; occurrence: Occurrence }
  | { kind: 'busy'; busy: BusyTime }
  | { kind: 'hold'; hold: Hold }

/** What a view shows. */
export type Rows = {
  appointments: readonly Appointment[]
  occurrences: readonly Occurrence[]
  busy: readonly BusyTime[]
  holds: readonly Hold[]
}

export const gridEventOf = (event: { extendedProps: Record<string, unknown> }): GridEvent =>
  event.extendedProps.gridEvent as GridEvent

/** As FullCalendar's input. Only appointments can be moved and resized. */
export const eventInputs = ({ appointments, occurrences, busy, holds }: Rows): EventInput[] => [
  ...appointments.map(appointmentInput),
  ...occurrences.map(occurrenceInput),
  ...busy.map(busyInput),
  ...holds.map(holdInput),
]

const appointmentInput = (appointment: Appointment): EventInput => ({
  id: `appointment:${appointment.id}`,
  title: appointment.title,
  start: appointment.start,
  end: appointment.end,
  allDay: false,
  editable: true,
  extendedProps: { gridEvent: { kind: 'appointment', appointment } satisfies GridEvent },
})

const occurrenceInput = (occurrence: Occurrence): EventInput => ({
  id: `google:${occurrence.googleEventId}`,
  title: occurrence.title,
  start: occurrence.start,
  end: occurrence.end,
  allDay: occurrence.allDay,
  editable: false,
  extendedProps: { gridEvent: { kind: 'google', occurrence } satisfies GridEvent },
})

const busyInput = (busy: BusyTime): EventInput => ({
  id: `busy:${busy.id}`,
  title: 'Busy',
  start: busy.start,
  end: busy.end,
  allDay: busy.allDay,
  editable: false,
  extendedProps: { gridEvent: { kind: 'busy', busy } satisfies GridEvent },
})

const holdInput = (hold: Hold): EventInput => ({
  id: `hold:${hold.id}`,
  title: 'Held by Sophiie',
  start: hold.start,
  end: hold.end,
  allDay: false,
  editable: false,
  extendedProps: { gridEvent: { kind: 'hold', hold } satisfies GridEvent },
})

type StaffFilter = {
  staff: readonly string[]
  /** Whether appointments of no one are shown beside those of the chosen members. */
  withUnassigned: boolean
}

/** Leaves out events that concern none of the chosen members; an empty filter shows all. */
export const forStaff = (rows: Rows, { staff, withUnassigned }: StaffFilter): Rows => {
  const { appointments, occurrences, busy, holds } = rows
  if (staff.length === 0) return rows
  const chosen = (ids: readonly string[]) => ids.some((id) => staff.includes(id))
  const isUnassigned = ({ assigneeIds }: Appointment) => withUnassigned && assigneeIds.length === 0
  return {
    appointments: appointments.filter((each) => isUnassigned(each) || chosen(each.assigneeIds)),
    occurrences: occurrences.filter(({ memberIds }) => memberIds.length === 0 || chosen(memberIds)),
    busy: busy.filter(({ memberId }) => staff.includes(memberId)),
    holds: holds.filter(({ memberIds }) => chosen(memberIds)),
  }
}
