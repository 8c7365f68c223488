import { type Clock, dayMs } from '#lib/recurrence/clock.ts'
import { dayNumber } from './days.ts'
import { minuteMs, minutesOf, type ServiceRules, type World } from './world.ts'

/** How soon and how far ahead can be booked. A service's own rule replaces that of the business. */
export type Limits = {
  notice: { minutes: number; of: 'business' | 'service' }
  horizon: { days: number; of: 'business' | 'service' }
  earliest: number
  today: number
  /** Today cannot be booked any more. */
  pastCutOff: boolean
}

export const limitsOf = ({ now, rules }: World, clock: Clock, service: ServiceRules | null): Limits => {
  const notice = ownOr(service?.noticeMinutes, rules.noticeMinutes)
  const horizon = ownOr(service?.horizonDays, rules.horizonDays)
  const today = dayNumber(clock, now)
  const { sameDayCutOff } = rules
  return {
    notice: { minutes: notice.value, of: notice.of },
    horizon: { days: horizon.value, of: horizon.of },
    earliest: now + notice.value * minuteMs,
    today,
    pastCutOff: sameDayCutOff !== null && clock.wallAt(now) - today * dayMs >= minutesOf(sameDayCutOff) * minuteMs,
  }
}

const ownOr = (own: number | null | undefined, value: number) =>
  own === null || own === undefined ? ({ value, of: 'business' } as const) : ({ value: own, of: 'service' } as const)

export const isTooFar = ({ today, horizon }: Limits, day: number) => day > today + horizon.days

export const isTooSoon = ({ earliest, today, pastCutOff }: Limits, { start, day }: { start: number; day: number }) =>
  start < earliest || (pastCutOff && day === today)
