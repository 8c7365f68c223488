import { weekdayName } from '#lib/dates/format.ts'
import type { Answer, Refused } from '../answer.ts'
import { sayClock, sayDate, sayList, sayTimes, sayWallTime } from '../say/when.ts'
import type { AppointmentAnswer, SlotAnswer } from '../schema.ts'

/** The flat objects that agents read. */

export type ToolAnswer = Answer<{ say: string; [data: string]: unknown }>

/** With date, weekday and time as the tools take them: nothing is left to compute. */
export const withWallTime = <T extends { start: string }>(at: T) => {
  const date = at.start.slice(0, 10)
  return { date, weekday: weekdayName(date), time: at.start.slice(11, 16), ...at }
}

/**
 * An appointment found by its phone number. Its reference and the customer's name prove that a
 * caller may cancel it, so they are for the caller to say. Notes may be about the caller.
 */
export const foundAppointment = ({ id, status, start, end, title, service, members }: AppointmentAnswer) =>
  withWallTime({ id, status, start, end, title, service, members })

export const doneAppointment = (done: AppointmentAnswer) => {
  const { id, reference, revision, status, start, end, title, service } = done
  const { members, customer, notes, location, callId } = done
  return withWallTime({
    ...{ id, reference, revision, status, start, end, title, service, members, customer, notes, location, callId },
  })
}

/** A refusal offers its alternatives in the same sentence. */
export const refused = ({ alternatives, unavailable, ...other }: Refused): Refused => {
  const rest = { ...other, ...(unavailable && { unavailable: unavailable.map(withWallTime) }) }
  if (!alternatives) return rest
  const at = ({ start }: SlotAnswer) => ({ date: start.slice(0, 10), clock: sayWallTime(start.slice(11, 16)) })
  const times = sayTimes(alternatives.map(at))
  return {
    ...rest,
    say: times ? `${rest.say} I could do ${times}.` : `${rest.say} I can take a message instead.`,
    alternatives: alternatives.map(withWallTime),
  }
}

/** "K7 QF2M" is heard as "K, 7, Q, F, 2, M". */
export const spelled = (reference: string) => [...reference].join(', ')

/** Times of the first day, spread over those that were found, so that the caller can choose. */
export const sayChoice = (slots: readonly SlotAnswer[], zone: string): string => {
  const [first] = slots
  if (!first) return ''
  const date = first.start.slice(0, 10)
  const times = slots.filter(({ start }) => start.startsWith(date))
  const chosen = new Set([first, times[Math.floor((times.length - 1) / 2)], times.at(-1)])
  const said = [...chosen].flatMap((slot) => (slot ? [sayClock(Date.parse(slot.start), zone)] : []))
  return `On ${sayDate(date)} I have ${sayList(said)}${slots.length > said.length ? ', and more' : ''}.`
}
