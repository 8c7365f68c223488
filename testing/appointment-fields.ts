import { type AppointmentFields, emptyText } from '#lib/appointments/schema.ts'

export const fields = (given: Partial<AppointmentFields> = {}): AppointmentFields => ({
  ...emptyText,
  title: 'Hot water service',
  start: '2026-11-22T22:00:00Z',
  end: '2026-11-22T23:30:00Z',
  assigneeIds: [],
  serviceId: null,
  ...given,
})
