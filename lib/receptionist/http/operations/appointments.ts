import {
  appointmentSchema,
  bookedSchema,
  bookingRequestSchema,
  cancelledSchema,
  cancelRequestSchema,
  changeRequestSchema,
  foundSchema,
  searchSchema,
} from '../../schema.ts'
import { readAppointment, searchAppointments } from '../../verbs/appointments.ts'
import { bookOneOrMore } from '../../verbs/book-repeated.ts'
import { cancelAppointment } from '../../verbs/cancel.ts'
import { changeAppointment } from '../../verbs/change.ts'
import { appointment, google, ids } from '../examples.ts'
import { operation } from '../operation.ts'
import { refusedTimes } from './times.ts'

export const createAppointment = operation({
  ...{ id: 'createAppointment', tag: 'Appointments', method: 'POST', path: '/appointments', verb: 'book_appointment' },
  summary: 'Book a time, or the time of a hold',
  description:
    'Give `hold`, or `start` with `service` or `duration`. A time that is taken is answered with the nearest other times in `alternatives`. Booking a hold twice, or the same time for the same phone number in the same call, returns the first appointment with `alreadyBooked` and status 200. With `repeat`, every date is booked or none: dates that cannot be booked are listed in `unavailable` of the refusal, and left out if the request says `skipUnavailable`.',
  body: bookingRequestSchema,
  answer: bookedSchema,
  status: ({ alreadyBooked }) => (alreadyBooked ? 200 : 201),
  location: ({ id }) => `/api/v1/appointments/${id}`,
  codes: [...refusedTimes, 'not-found', 'held-expired', 'bad-phone', 'takes-a-message', 'dates-unavailable'],
  curl: `ID=$(curl -s "$API/appointments" \\
  -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" \\
  -d "{\\"hold\\": \\"$HOLD\\", \\"customer\\": {\\"name\\": \\"Alex Taylor\\", \\"phone\\": \\"0412 345 678\\"}}" \\
  | jq -r .id)`,
  example: {
    body: {
      hold: ids.hold,
      customer: { name: 'Alex Taylor', phone: '0412 345 678' },
      notes: 'The kitchen sink.',
      callId: 'call_8f3a',
    },
    answer: {
      ...appointment,
      google,
      say: 'You are booked for Thursday the 26th of November at 2 pm with Mia Chen.',
    },
  },
  run: (caller, { body }) => bookOneOrMore(caller, body),
})

export const findAppointments = operation({
  id: 'searchAppointments',
  ...{ tag: 'Appointments', method: 'POST', path: '/appointments/search', verb: 'find_appointments' },
  summary: 'Appointments of a phone number',
  description: 'Upcoming ones first, by start. It is a POST, so that no phone number is part of an address or a log.',
  body: searchSchema,
  answer: foundSchema,
  codes: ['bad-phone'],
  curl: `curl -s "$API/appointments/search" \\
  -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" -d '{"phone": "+61 412 345 678"}'`,
  example: {
    body: { phone: '+61 412 345 678' },
    answer: {
      appointments: [appointment],
      say: 'I can see Blocked drain, Thursday the 26th of November at 2 pm.',
    },
  },
  run: (caller, { body }) => searchAppointments(caller, body),
})

export const getAppointment = operation({
  ...{ id: 'getAppointment', tag: 'Appointments', method: 'GET', path: '/appointments/{id}', verb: 'read_appointment' },
  summary: 'One appointment',
  description: 'Its revision is also the `ETag` of the answer.',
  answer: appointmentSchema,
  codes: ['not-found'],
  curl: `REVISION=$(curl -s "$API/appointments/$ID" -H "Authorization: Bearer $KEY" | jq -r .revision)`,
  example: { answer: appointment },
  run: (caller, { id }) => readAppointment(caller, id),
})

export const updateAppointment = operation({
  id: 'updateAppointment',
  ...{ tag: 'Appointments', method: 'PATCH', path: '/appointments/{id}', verb: 'move_appointment' },
  summary: 'Move, reassign or edit an appointment',
  description:
    'The old time is given up only when the new one is taken. `If-Match` has the revision that you know; an appointment that was changed since is left as it is. A change that is already done is no error.',
  takesRevision: true,
  body: changeRequestSchema,
  answer: bookedSchema,
  codes: [...refusedTimes, 'not-found', 'bad-phone', 'already-cancelled', 'revision-missing', 'revision-mismatch'],
  curl: `curl -s -X PATCH "$API/appointments/$ID" -H "Authorization: Bearer $KEY" -H "If-Match: \\"$REVISION\\"" \\
  -H "Content-Type: application/json" -d '{"notes": "The gate is open."}'`,
  example: {
    body: { start: '2026-11-27T09:00:00+11:00' },
    answer: {
      ...appointment,
      ...{ start: '2026-11-27T09:00:00+11:00', end: '2026-11-27T10:00:00+11:00', revision: 2, google },
      say: 'You are booked for Friday the 27th of November at 9 am with Mia Chen.',
    },
  },
  run: (caller, { id, revision, body }) => changeAppointment(caller, { id, revision }, body),
})

export const cancelOne = operation({
  id: 'cancelAppointment',
  ...{ tag: 'Appointments', method: 'POST', path: '/appointments/{id}/cancel', verb: 'cancel_appointment' },
  summary: 'Cancel an appointment',
  description:
    'The caller proves that it is theirs: by the reference, the surname or the last four digits of the phone number. Cancelling twice is no error.',
  body: cancelRequestSchema,
  answer: cancelledSchema,
  codes: ['not-found', 'proof-needed', 'too-soon', 'switched-off'],
  curl: `curl -s "$API/appointments/$ID/cancel" \\
  -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" -d '{"proof": {"surname": "Taylor"}}'`,
  example: {
    body: { proof: { surname: 'Taylor' } },
    answer: {
      ...appointment,
      ...{ status: 'cancelled', revision: 2 },
      say: 'Your appointment on Thursday the 26th of November at 2 pm is cancelled.',
    },
  },
  run: (caller, { id, body }) => cancelAppointment(caller, id, body),
})
