import type { AppointmentAnswer, SlotAnswer } from '../schema.ts'

/** Values of the examples in the document; one call from the first question to the cancellation. */

export const ids = {
  appointment: '0198f2c4-7a51-7c1e-9d3f-5b8a6e21c4d7',
  hold: '0198f2c4-6b10-7a42-8e0d-2c9f4a17b3e5',
  member: '7d0c2b9e-4f16-4a83-b5d1-9e62f8a30c47',
  message: '0198f2c5-1d3a-7f60-a2b4-8c51e7d9f036',
  service: '3a8e5f12-6c94-4d07-8b2e-f1c07a9d5e63',
}

const member = { id: ids.member, name: 'Mia Chen' }

export const slot: SlotAnswer = {
  start: '2026-11-26T14:00:00+11:00',
  end: '2026-11-26T15:00:00+11:00',
  members: [member],
  say: 'Thursday the 26th of November at 2 pm',
}

export const google = { state: 'fresh', asOf: '2026-11-24T09:29:42+11:00' } as const

export const appointment: AppointmentAnswer = {
  ...{ id: ids.appointment, reference: 'K7QF2M', revision: 1, status: 'booked' },
  ...{ start: slot.start, end: slot.end, title: 'Blocked drain' },
  service: { id: ids.service, name: 'Blocked drain' },
  members: [member],
  customer: { name: 'Alex Taylor', phone: '+61412345678', email: '' },
  ...{ notes: 'The kitchen sink.', location: '12 Pittwater Road, Manly', callId: 'call_8f3a' },
}
