import type { Reason } from '#lib/availability/world.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Code } from '../codes.ts'

/** The refusal of a time, before alternatives are known. */
export const refusalOf = (reason: Reason, { isPast = false } = {}): Refused =>
  refuse(codes[reason], reason === 'too-soon' && isPast ? 'That time has already passed.' : sentences[reason])

const codes: Record<Reason, Code> = {
  ...{ full: 'taken', closed: 'closed', holiday: 'closed', 'too-soon': 'too-soon', 'too-far': 'too-far' },
  'no-staff-working': 'no-staff-working',
  'no-staff-qualified': 'no-staff-qualified',
  'google-unknown': 'google-unknown',
}

const sentences: Record<Reason, string> = {
  full: 'That time is taken.',
  closed: 'We are closed then.',
  holiday: 'We are closed on that day, it is a public holiday.',
  'too-soon': 'That is too short notice for us.',
  'too-far': 'That is further ahead than we can book.',
  'no-staff-working': 'Nobody who can do that works then.',
  'no-staff-qualified': 'Nobody here can do that.',
  'google-unknown': 'I can’t see the whole calendar right now, so I can’t book that time.',
}

/** Why a day has no time. */
export const dayWithout: Record<Reason, string> = {
  full: 'fully booked',
  closed: 'closed',
  holiday: 'closed, a public holiday',
  'too-soon': 'too short notice',
  'too-far': 'further ahead than we can book',
  'no-staff-working': 'nobody who can do that is working',
  'no-staff-qualified': 'nobody here can do that',
  'google-unknown': 'the calendar can’t be checked right now',
}

export const switchedOff = refuse('switched-off', 'I can’t book anything at the moment. I can take a message for you.')

export const notFound = refuse('not-found', 'I can’t find that appointment.')

export const noHold = refuse('not-found', 'I can’t find that hold.')

export const badPhone = refuse('bad-phone', 'That doesn’t sound like a whole phone number. Could you say it again?', {
  fields: { phone: 'Give a phone number, national or with its country code.' },
})

export const heldExpired = refuse('held-expired', 'That time is no longer held. Shall I see whether it is still free?')

export const noSuchTime = refuse('no-such-time', 'That time does not exist.', {
  fields: { start: 'Give a whole minute that exists in the zone of the business.' },
})
