import type { AppointmentFields } from '#lib/appointments/schema.ts'
import { firstDateOf, type Repeat, repeatWords, toRule } from '#lib/repeat/repeat.ts'
import type { Refusal } from '#lib/result.ts'
import {
  horizonOf,
  lastDateOf,
  minutesAfter,
  mostVisits,
  nextAfter,
  originalStarts,
  type Schedule,
  type WallTime,
  wallClock,
} from './dates.ts'

/** One date to book. Instants are UTC. */
export type PlannedDate = { originalStart: WallTime; start: string; end: string }

export type NewSchedule = Schedule & {
  minutes: number
  words: string
  endsAt: string | null
  /** The last date up to which visits are planned; null if all of them are. */
  plannedUntil: string | null
  dates: PlannedDate[]
}

type Asked = {
  repeat: Repeat
  fields: Pick<AppointmentFields, 'start' | 'end'>
  /** IANA zone of the business. */
  zone: string
  now: string
}

/** The rule of a new series, and its dates within the horizon. */
export const newSchedule = ({ repeat, fields, zone, now }: Asked): { ok: true; schedule: NewSchedule } | Invalid => {
  const clock = wallClock(zone)
  const wall = clock.wallAt(fields.start)
  const firstDate = firstDateOf(repeat, wall.slice(0, 10))
  const rule = toRule(repeat, firstDate)
  const startsAt = `${firstDate}${wall.slice(10)}`
  const horizon = horizonOf(clock.dateAt(now), firstDate)
  const found = originalStarts({ rule, startsAt }, { from: firstDate, to: horizon, limit: mostVisits + 1 })
  if (found.length === 0) return invalid('ends', 'The end is before the first visit.')
  if (found.length > mostVisits)
    return invalid('start', `That is more than ${mostVisits} visits until ${horizon}. Start later.`)
  const minutes = minutesOf(fields)
  return {
    ok: true,
    schedule: {
      ...{ rule, startsAt, minutes },
      words: repeatWords(repeat, firstDate),
      endsAt: lastDateOf({ rule, startsAt }),
      plannedUntil: nextAfter({ rule, startsAt }, horizon) && horizon,
      dates: found.map((originalStart) => plannedDate(originalStart, { clock, minutes })),
    },
  }
}

export const plannedDate = (
  originalStart: WallTime,
  { clock, minutes }: { clock: ReturnType<typeof wallClock>; minutes: number },
): PlannedDate => {
  const start = clock.instantAt(originalStart)
  return { originalStart, start, end: minutesAfter(start, minutes) }
}

export const minutesOf = ({ start, end }: { start: string; end: string }) =>
  Math.ceil((Date.parse(end) - Date.parse(start)) / 60_000)

type Invalid = Refusal<'invalid'>

const invalid = (field: string, message: string): Invalid => ({
  ...{ ok: false, code: 'invalid', message },
  fields: { [field]: message },
})
