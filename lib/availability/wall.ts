import { dayMs } from '#lib/recurrence/clock.ts'
import type { TimeOff } from './world.ts'

/** `YYYY-MM-DDTHH:mm` as a wall time of `World`. */
export const wallOf = (text: string) => Date.parse(`${text}:00Z`)

type StoredTimeOff = Pick<TimeOff, 'id' | 'repeats'> & { startsAt: string; endsAt: string; lastDate: string | null }

export const toTimeOff = ({ id, startsAt, endsAt, repeats, lastDate }: StoredTimeOff): TimeOff => ({
  ...{ id, repeats },
  from: wallOf(startsAt),
  until: wallOf(endsAt),
  lastDay: lastDate === null ? null : Date.parse(`${lastDate}T00:00Z`) / dayMs,
})
