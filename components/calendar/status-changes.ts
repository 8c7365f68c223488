import type { Appointment } from '#lib/appointments/schema.ts'
import type { PendingAppointment } from '#lib/appointments/todo/schema.ts'
import { type ChangeDeps, submit } from './changes.ts'

/** Changes of an appointment's status, made in dialogs. */

export const cancelAppointment = (appointment: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'cancel', id: appointment.id, revision: appointment.revision },
      appointment,
      success: {
        message: `“${appointment.title}” is cancelled.`,
        undo: (row) => void reinstateAppointment(row, deps),
      },
    },
    deps,
  )

export const reinstateAppointment = (row: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'reinstate', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is booked again.` },
    },
    deps,
  )

export const putBackAppointment = (row: Appointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'put-back', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is being put back into Google Calendar.` },
    },
    deps,
  )

/** Confirms a pending appointment, which cannot be undone. */
export const confirmAppointment = (row: Appointment | PendingAppointment, deps: ChangeDeps) =>
  submit(
    {
      change: { kind: 'confirm', id: row.id, revision: row.revision },
      appointment: row,
      success: { message: `“${row.title}” is confirmed.` },
    },
    deps,
  )
