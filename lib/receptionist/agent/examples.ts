import { appointment, google, ids, slot } from '../http/examples.ts'
import type { VerbName } from '../verb-needs.ts'
import { doneAppointment, foundAppointment, spelled, withWallTime } from './present.ts'

/** Values of the tools in the document; the same call as in those of REST. */

type Example = {
  input: Record<string, unknown>
  answer: Record<string, unknown>
  /** For people: works as it is, with the variables of the one before it. */
  curl: string
}

const at = { date: '2026-11-26', weekday: 'Thursday', time: '14:00' }
const later = { date: '2026-11-27', weekday: 'Friday', time: '09:00' }
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
const callId = 'call_8f3a'
const members = slot.members

/** `data` is JSON between quotes of the shell. */
const post = (tool: VerbName, data: string) =>
  `curl -s "$API/agent/${tool}" -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" -d ${data}`

const moved = { start: '2026-11-27T09:00:00+11:00', end: '2026-11-27T10:00:00+11:00', revision: 2 }

export const examples: Readonly<Record<string, Example>> = {
  get_context: {
    input: { phone: customer.phone, callId },
    answer: {
      ...{ ok: true, business: 'Harbour Plumbing', now: '2026-11-24T09:30:00+11:00', today: '2026-11-24' },
      ...{ weekday: 'Tuesday', zone: 'Australia/Sydney', bookingAllowed: true, google },
      days: [{ date: '2026-11-24', say: 'Tue 24 Nov, open 7 am to 3 pm' }],
      services: [
        {
          ...{ id: ids.service, name: 'Blocked drain', otherNames: ['clogged sink'], durations: [60, 90] },
          ...{ price: '$180', description: '', outcome: 'book' },
        },
      ],
      ...{ members, appointments: [], say: 'Harbour Plumbing. Today is Tuesday the 24th of November.' },
    },
    curl: post('get_context', `'{"phone": "0412 345 678"}'`),
  },
  find_times: {
    input: { service: 'Blocked drain', from: at.date, weekday: at.weekday, part: 'afternoon', callId },
    answer: {
      ok: true,
      slots: [withWallTime(slot)],
      days: [
        { ...{ date: at.date, weekday: at.weekday, open: true, reason: null }, say: 'Thursday the 26th of November' },
      ],
      ...{ google, say: 'On Thursday the 26th of November I have 2 pm.' },
    },
    curl: `AT=$(${post('find_times', `'{"duration": 60}'`)} \\
  | jq -c '.slots[0] | {date, weekday, time}')`,
  },
  hold_time: {
    input: { ...at, service: 'Blocked drain', callId },
    answer: {
      ok: true,
      ...withWallTime({ id: ids.hold, start: slot.start, end: slot.end, members }),
      ...{ hold: ids.hold, expiresAt: '2026-11-24T09:36:00+11:00' },
      say: 'I am keeping Thursday the 26th of November at 2 pm for you until 9:36 am.',
    },
    curl: `HOLD=$(${post('hold_time', `"$(jq -n --argjson at "$AT" '$at + {duration: 60}')"`)} \\
  | jq -r .hold)`,
  },
  book_appointment: {
    input: { hold: ids.hold, ...customer, notes: 'The kitchen sink.', callId },
    answer: {
      ok: true,
      say: `You are booked for Thursday the 26th of November at 2 pm with Mia Chen. The reference is ${spelled(appointment.reference)}.`,
      appointment: doneAppointment(appointment),
      google,
    },
    curl: `ID=$(${post('book_appointment', `"{\\"hold\\": \\"$HOLD\\", \\"name\\": \\"Alex Taylor\\", \\"phone\\": \\"0412 345 678\\"}"`)} \\
  | jq -r .appointment.id)`,
  },
  find_appointments: {
    input: { phone: customer.phone, callId },
    answer: {
      ...{ ok: true, appointments: [foundAppointment(appointment)] },
      say: 'I can see Blocked drain, Thursday the 26th of November at 2 pm.',
    },
    curl: post('find_appointments', `'{"phone": "0412 345 678"}'`),
  },
  move_appointment: {
    input: { appointment: ids.appointment, ...later, callId },
    answer: {
      ...{ ok: true, appointment: doneAppointment({ ...appointment, ...moved }), google },
      say: 'You are booked for Friday the 27th of November at 9 am with Mia Chen.',
    },
    curl: post('move_appointment', `"$(jq -n --argjson at "$AT" --arg id "$ID" '$at + {appointment: $id}')"`),
  },
  cancel_appointment: {
    input: { appointment: ids.appointment, surname: 'Taylor', callId },
    answer: {
      ok: true,
      say: 'Your appointment on Friday the 27th of November at 9 am is cancelled.',
      appointment: doneAppointment({ ...appointment, ...moved, status: 'cancelled', revision: 3 }),
    },
    curl: post('cancel_appointment', `"{\\"appointment\\": \\"$ID\\", \\"surname\\": \\"Taylor\\"}"`),
  },
  leave_message: {
    input: { ...customer, wish: 'A Sunday visit.', callId },
    answer: {
      ...{ ok: true, id: ids.message },
      say: 'I have passed that on to Harbour Plumbing. Someone will ring you back.',
    },
    curl: post('leave_message', `'{"name": "Alex Taylor", "phone": "0412 345 678", "wish": "A Sunday visit."}'`),
  },
}
