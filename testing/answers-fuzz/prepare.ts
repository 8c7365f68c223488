import { randomUUID } from 'node:crypto'
import { inGoogle } from '../chaos/google.ts'
import { type Model, storeOf } from '../chaos/model.ts'
import { choose } from '../chaos/owner.ts'
import type { Refusal } from './refusals.ts'

/** How an answer of some kind is brought about. */

export type Asking = {
  /** As the emulator names it. */
  operation: string
  prepare?: (model: Model) => Promise<void>
  /** Asks outside a sync run. Throws if the answer is not dealt with. */
  ask?: (model: Model) => Promise<void>
  /** Once answers are right again. Throws if the odd one has left something undone. */
  finish?: (model: Model) => Promise<void>
  /** Requests of the operation that come before the one to answer oddly. */
  after?: number
  /** To prepare takes a sync run. */
  runs?: boolean
  /** Other operations whose answers it replaces. */
  claims?: string[]
  /** The answer is one of a batch: its text is made odd. */
  isBatch?: boolean
  /** The answer has no body, so an odd one is made of nothing. */
  hasNoBody?: boolean
  /** An error, whose body is made odd, takes the place of the answer. */
  refusal?: Refusal
}

export const slotOf = (model: Model) => ({ day: 30 + (model.serial++ % 60), hour: model.serial % 20, minutes: 60 })

/** To the other of two calendars, in which people have events too. */
export const changeCalendar = async (model: Model) => {
  const [first, second] = [model.fixture.calendarId, model.accounts[0]?.calendarIds[2] ?? '']
  const next = model.chosen.calendarId === first ? second : first
  await choose(model, next)
  if ((storeOf(model, next)?.events.size ?? 0) === 0) fillCalendar(model)
}

/** Events of every kind that a person may have. */
export const fillCalendar = (model: Model): void => {
  const kinds = ['timed', 'all-day', 'series', 'all-day-series', 'free', 'private'] as const
  for (const [at, kind] of kinds.entries())
    inGoogle(model, { do: 'create', kind, slot: { day: at, hour: at, minutes: 60 }, rule: 1, elsewhere: false })
  // Of the timed series, and of the one of whole days.
  for (const which of [0, 1])
    inGoogle(model, {
      ...{ do: 'change-instance', which, nth: 2, scope: 'this', retitle: false },
      slot: { day: 20 + which, hour: 3, minutes: 60 },
    })
  model.google.person.create({
    email: model.fixture.email,
    calendarId: model.chosen.calendarId,
    event: {
      id: `guests${randomUUID().replaceAll('-', '')}`.replace(/[^0-9a-v]/g, ''),
      summary: 'Private life with guests',
      location: 'Retitled 1 Street',
      description: 'a secret',
      start: { dateTime: '2027-02-01T02:00:00Z', timeZone: 'Australia/Sydney' },
      end: { dateTime: '2027-02-01T03:00:00Z', timeZone: 'Australia/Sydney' },
      attendees: [
        { email: model.fixture.email, responseStatus: 'accepted' },
        { email: 'guest@friends.example', responseStatus: 'declined' },
      ],
    },
  })
}
