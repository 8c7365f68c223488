import type { EventInput } from '@fullcalendar/react'
import type { Appointment, Occurrence } from '#lib/appointments/schema.ts'

/** An event on the grid: an appointment or a Google event. */
export type GridEvent = { kind: 'appointment'; appointment: Appointment } | { kind: 'google'; occurrence: Occurrence }

export const gridEventOf = (event: { extendedProps: Record<string, unknown> }): GridEvent =>
  event.extendedProps.gridEvent as GridEvent

/** As FullCalendar's input. Appointments can be moved and resized, Google events cannot. */
export const eventInputs = (appointments: readonly Appointment[], occurrences: readonly Occurrence[]): EventInput[] => [
  ...appointments.map(appointmentInput),
  ...occurrences.map(occurrenceInput),
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

/** Leaves out events that concern none of the chosen members; an empty filter shows all. */
export const forStaff = (
  { appointments, occurrences }: { appointments: readonly Appointment[]; occurrences: readonly Occurrence[] },
  staff: readonly string[],
) => {
  if (staff.length === 0) return { appointments, occurrences }
  const chosen = (ids: readonly string[]) => ids.some((id) => staff.includes(id))
  return {
    appointments: appointments.filter(({ assigneeIds }) => chosen(assigneeIds)),
    occurrences: occurrences.filter(({ guestMemberIds: guests }) => guests.length === 0 || chosen(guests)),
  }
}
