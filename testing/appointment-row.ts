import type { Appointment } from '#lib/appointments/schema.ts'
import { fields } from './appointment-fields.ts'

/** An appointment as the calendar shows it. */
export const appointment = (given: Partial<Appointment> = {}): Appointment => ({
  ...fields(),
  ...{ id: 'a', serviceId: null, status: 'booked', revision: 1, overlapAllowed: null, removedInGoogle: false },
  ...{ googleUnchecked: false, pending: false, byKey: false, callId: null, sync: { state: 'none' } },
  ...{ clashes: [], clashCount: 0 },
  ...given,
})
