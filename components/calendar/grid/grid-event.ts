import type { EventInput } from '@fullcalendar/react'
import type { Appointment, Occurrence } from '#lib/appointments/schema.ts'

/** What an event on the calendar stands for. */
export type Shown =
  | { kind: 'appointment'; appointment: Appointment }
  | { kind: 'google'; occurrence: Occurrence }

export const shownOf = (event: { extendedProps: Record<string, unknown> }): Shown =>
  event.extendedProps.shown as Shown

/** Appointments can be moved and resized; Google's events never. */
export const eventInputs = (
  appointments: readonly Appointment[],
  occurrences: readonly Occurrence[],
): EventInput[] => [...appointments.map(ofAppointment), ...occurrences.map(ofOccurrence)]

const ofAppointment = (appointment: Appointment): EventInput => ({
  id: `appointment:${appointment.id}`,
  title: appointment.title,
  start: appointment.start,
  end: appointment.end,
  allDay: false,
  editable: true,
  extendedProps: { shown: { kind: 'appointment', appointment } satisfies Shown },
})

const ofOccurrence = (occurrence: Occurrence): EventInput => ({
  id: `google:${occurrence.googleEventId}`,
  title: occurrence.title,
  start: occurrence.start,
  end: occurrence.end,
  allDay: occurrence.allDay,
  editable: false,
  extendedProps: { shown: { kind: 'google', occurrence } satisfies Shown },
})

/** Nobody chosen = everyone. What concerns none of the chosen members is left out. */
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
