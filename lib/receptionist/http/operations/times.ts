import { z } from 'zod'
import type { Code } from '../../codes.ts'
import {
  contextQuerySchema,
  contextSchema,
  holdChangeSchema,
  holdRequestSchema,
  holdSchema,
  slotsQuerySchema,
  slotsSchema,
} from '../../schema.ts'
import { readContext } from '../../verbs/context.ts'
import { changeHold, holdTime, releaseHold } from '../../verbs/holds.ts'
import { findSlots } from '../../verbs/slots.ts'
import { google, ids, slot } from '../examples.ts'
import { operation } from '../operation.ts'

/** Why a time cannot be held or booked. */
export const refusedTimes: readonly Code[] = [
  ...(['taken', 'too-soon', 'too-far', 'closed', 'no-staff-working', 'no-staff-qualified', 'no-such-time'] as const),
  ...(['unknown-service', 'unknown-member', 'duration-not-offered', 'google-unknown', 'switched-off'] as const),
]

export const getContext = operation({
  ...{ id: 'getContext', tag: 'Times', method: 'POST', path: '/context', verb: 'get_context' },
  summary: 'What an agent needs at the beginning of a call',
  description:
    'The date, weekday and time at the business, its hours of the next 21 days, services and members. With the phone number of the caller also their next appointments, at most five. Repeat it with a new `Idempotency-Key`.',
  body: contextQuerySchema,
  answer: contextSchema,
  codes: ['bad-phone'],
  curl: `curl -s "$API/context" -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" -d '{"phone": "0412 345 678"}'`,
  example: {
    body: { phone: '0412 345 678', callId: 'call_8f3a' },
    answer: {
      ...{ business: 'Harbour Plumbing', now: '2026-11-24T09:30:00+11:00', today: '2026-11-24', weekday: 'Tuesday' },
      ...{ zone: 'Australia/Sydney', bookingAllowed: true, google },
      days: [{ date: '2026-11-24', say: 'Tue 24 Nov, open 7 am to 3 pm' }],
      services: [
        {
          ...{ id: ids.service, name: 'Blocked drain', otherNames: ['clogged sink'], durations: [60, 90] },
          ...{ price: '$180', description: '', outcome: 'book' },
        },
      ],
      members: slot.members,
      appointments: [],
      say: 'Harbour Plumbing. Today is Tuesday the 24th of November.',
    },
  },
  run: (caller, { body }) => readContext(caller, body),
})

export const listSlots = operation({
  ...{ id: 'listSlots', tag: 'Times', method: 'GET', path: '/slots', verb: 'find_times' },
  summary: 'Times that can be booked',
  description:
    'Every time that is offered can be booked until someone takes it. Give `service`, or `duration` alone. Without `from` and `to`, the next seven days; at most 62. A day without a time has the reason why.',
  query: slotsQuerySchema,
  answer: slotsSchema,
  codes: ['no-such-time', 'unknown-service', 'unknown-member', 'duration-not-offered'],
  curl: `START=$(curl -s "$API/slots?duration=60&limit=3" -H "Authorization: Bearer $KEY" | jq -r '.slots[0].start')`,
  example: {
    answer: {
      slots: [slot],
      days: [
        {
          ...{ date: '2026-11-26', weekday: 'Thursday', open: true, reason: null },
          say: 'Thursday the 26th of November',
        },
        {
          ...{ date: '2026-11-27', weekday: 'Friday', open: false, reason: 'full' },
          say: 'Friday the 27th of November: fully booked',
        },
      ],
      google,
      say: 'On Thursday the 26th of November I have 2 pm.',
    },
  },
  run: (caller, { query }) => findSlots(caller, query),
})

const hold = {
  ...{ id: ids.hold, start: slot.start, end: slot.end, members: slot.members, expiresAt: '2026-11-24T09:36:00+11:00' },
  say: 'I am keeping Thursday the 26th of November at 2 pm for you until 9:36 am.',
}

export const createHold = operation({
  ...{ id: 'createHold', tag: 'Times', method: 'POST', path: '/holds', verb: 'hold_time' },
  summary: 'Keep a time while the caller decides',
  description:
    'Nobody else can take the time until `expiresAt`. The same call that repeats its request gets the hold it has.',
  body: holdRequestSchema,
  answer: holdSchema,
  status: () => 201,
  location: ({ id }) => `/api/v1/holds/${id}`,
  codes: refusedTimes,
  curl: `HOLD=$(curl -s "$API/holds" -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" -d "{\\"start\\": \\"$START\\", \\"duration\\": 60}" | jq -r .id)`,
  example: { body: { start: slot.start, service: 'Blocked drain', seconds: 300, callId: 'call_8f3a' }, answer: hold },
  run: (caller, { body }) => holdTime(caller, body),
})

export const updateHold = operation({
  ...{ id: 'updateHold', tag: 'Times', method: 'PATCH', path: '/holds/{id}', verb: 'change_hold' },
  summary: 'Keep a time longer, or shorter',
  description: 'Sets how long the hold lasts from now on.',
  body: holdChangeSchema,
  answer: holdSchema,
  codes: ['not-found', 'held-expired'],
  curl: `curl -s -X PATCH "$API/holds/$HOLD" -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" -d '{"seconds": 600}'`,
  example: { body: { seconds: 600 }, answer: hold },
  run: (caller, { id, body }) => changeHold(caller, id, body),
})

const releasedSchema = z.object({ say: z.string() }).meta({ id: 'ReleasedHold' })

export const deleteHold = operation({
  ...{ id: 'deleteHold', tag: 'Times', method: 'DELETE', path: '/holds/{id}', verb: 'release_hold' },
  summary: 'Release a time',
  description: 'Releasing a hold that has ended is no error.',
  answer: releasedSchema,
  codes: ['not-found'],
  curl: `curl -s -X DELETE "$API/holds/$HOLD" -H "Authorization: Bearer $KEY"`,
  example: { answer: { say: 'That time is free again.' } },
  run: (caller, { id }) => releaseHold(caller, id),
})
