import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { refusedByLimit } from '#lib/auth/limits/limits.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { type Answer, refuse } from '../answer.ts'
import { dbOf } from '../booking/asking.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import { toAppointment } from '../booking/present.ts'
import { recordsOf, type Stored } from '../booking/records.ts'
import type { Caller } from '../caller.ts'
import { digitsOf } from '../phone.ts'
import { isReferenceOf } from '../reference.ts'
import { notFound, switchedOff } from '../say/refusals.ts'
import { sayTime } from '../say/when.ts'
import type { AppointmentAnswer, CancelRequest, Proof } from '../schema.ts'
import { wordsOf } from '../words.ts'
import { isVisibleTo } from './appointments.ts'

type Cancelled = AppointmentAnswer & { say: string }

/** With a second fact that the caller knows. Cancelling twice is no error. */
export const cancelAppointment = async (
  caller: Caller,
  id: string,
  { proof }: CancelRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<Cancelled>> => {
  // Digits can be guessed: ten attempts an hour for one appointment, right ones as well.
  if (await refusedByLimit('proof', `${caller.businessId} ${id}`)) return tooOften
  const answer = await dbOf(caller).transaction(async (tx): Promise<Answer<Cancelled>> => {
    const { businessId } = caller
    const [, desk, stored] = await Promise.all([
      lockCalendar(tx, businessId, 'wait'),
      readDesk(tx, caller),
      recordsOf(caller).lock(tx, { businessId, id }),
    ])
    if (!desk.mayBook) return switchedOff
    if (!stored || !isVisibleTo(caller, stored)) return notFound
    if (!proves(stored, proof)) return wrongProof
    if (stored.status === 'cancelled') return cancelled(desk, stored)
    if (Date.parse(stored.endsAt) <= Date.parse(now)) return refuse('too-soon', 'That appointment is already over.')
    return cancelled(desk, await cancel(tx, caller, stored))
  })
  if (answer.ok && !caller.test) drainAfterResponse()
  return answer
}

const tooOften = refuse('rate-limited', 'Too many attempts. We will ring you back.', { retryAfterSeconds: 3600 })

const wrongProof = refuse(
  'proof-needed',
  'That does not match. I need the reference, the surname or the last four digits of the phone number it was booked with.',
)

const cancel = async (tx: Tx, caller: Caller, before: Stored): Promise<Stored> => {
  const after = { ...before, status: 'cancelled' as const, revision: before.revision + 1 }
  await recordsOf(caller).write(tx, caller, { before, after, effect: 'cancelled' })
  return after
}

const cancelled = (desk: Desk, stored: Stored): Answer<Cancelled> => {
  const appointment = toAppointment(desk, stored)
  return {
    ok: true,
    ...appointment,
    say: `Your appointment on ${sayTime(Date.parse(stored.startsAt), desk.zone)} is cancelled.`,
  }
}

/** Every fact that is given must be right. */
const proves = (stored: Stored, { reference, surname, phoneLast4 }: Proof): boolean => {
  const isRight = [
    reference === undefined || isReferenceOf(stored.id, reference),
    surname === undefined || isSurname(surname, stored.customerName),
    phoneLast4 === undefined || digitsOf(stored.customerPhone).endsWith(phoneLast4),
  ]
  return isRight.every(Boolean)
}

/** The last words of the name: "van Dyk" proves "Anna van Dyk", and "Anna" does not. */
const isSurname = (said: string, name: string): boolean => {
  const [wanted, words] = [wordsOf(said), wordsOf(name)]
  return wanted.length > 0 && words.length > 0 && words.slice(-wanted.length).join(' ') === wanted.join(' ')
}
