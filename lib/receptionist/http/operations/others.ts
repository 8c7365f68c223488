import { changesQuerySchema, changesSchema, messageRequestSchema, messageSchema } from '../../schema.ts'
import { listChanges } from '../../verbs/changes.ts'
import { leaveMessage } from '../../verbs/messages.ts'
import { ids } from '../examples.ts'
import { operation } from '../operation.ts'

export const createMessage = operation({
  ...{ id: 'createMessage', tag: 'Messages', method: 'POST', path: '/messages', verb: 'leave_message' },
  summary: 'Leave a message for the owner',
  description: 'When no time fits: someone rings back. It works while booking is switched off as well.',
  body: messageRequestSchema,
  answer: messageSchema,
  status: () => 201,
  codes: ['bad-phone', 'unknown-service'],
  curl: `curl -s "$API/messages" -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -H "Content-Type: application/json" -d '{"name": "Alex Taylor", "phone": "0412 345 678", "wish": "A Sunday visit."}'`,
  example: {
    body: { name: 'Alex Taylor', phone: '0412 345 678', wish: 'A Sunday visit.', callId: 'call_8f3a' },
    answer: { id: ids.message, say: 'I have passed that on to Harbour Plumbing. Someone will ring you back.' },
  },
  run: (caller, { body }) => leaveMessage(caller, body),
})

export const getChanges = operation({
  ...{ id: 'listChanges', tag: 'Changes', method: 'GET', path: '/changes', verb: 'read_changes' },
  summary: 'Everything that happened since',
  description:
    'Changes of appointments, holds, calendars and messages in order, for ever; none appears behind one that was read. Ask again with `after` set to `next`. `id` is that of the appointment, hold or message.',
  query: changesQuerySchema,
  answer: changesSchema,
  codes: [],
  curl: `curl -s "$API/changes?after=0" -H "Authorization: Bearer $KEY"`,
  example: {
    answer: {
      changes: [
        {
          ...{ position: 1, at: '2026-11-24T09:31:07+11:00', type: 'appointment.booked' },
          ...{ id: ids.appointment, revision: 1 },
        },
      ],
      next: 1,
    },
  },
  run: (caller, { query }) => listChanges(caller, query),
})
