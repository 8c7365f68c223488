import type { Temporal } from 'temporal-polyfill'
import type { EventDraft } from '../model.ts'
import { type Frame, type Sample, timed } from './sample.ts'

/** A kind of frequent entry with its usual titles, times and lengths. */
export type Kind = { titles: string[]; at: string[]; minutes: number[]; more?: (frame: Frame) => EventDraft }

const nearWeeks = 3

/**
 * Spreads `count` single events of these kinds over the two years, on weekdays that are not
 * holidays, at most one per day and hour, with more in the weeks around now. Leaves out the working
 * hours of three weeks around now, where events are chosen by hand so that they do not clash with
 * the sample business's appointments.
 */
export function fill(frame: Frame, given: { count: number; kinds: Kind[]; holidays: Set<string> }): Sample[] {
  const taken = new Set<string>()
  const samples: Sample[] = []
  while (samples.length < given.count) {
    const on = randomWeekday(frame)
    const kind = frame.random.pick(given.kinds)
    const at = frame.random.pick(kind.at)
    const place = `${on} ${at.slice(0, 2)}`
    if (taken.has(place) || given.holidays.has(on.toString()) || isReserved(frame, on, at)) continue
    taken.add(place)
    samples.push(oneOf(kind, { frame, on, at }))
  }
  return samples
}

function isReserved({ monday }: Frame, on: Temporal.PlainDate, at: string): boolean {
  const days = monday.until(on).days
  return days >= -7 && days < 14 && at >= '07:00' && at < '16:00'
}

function oneOf(kind: Kind, { frame, on, at }: { frame: Frame; on: Temporal.PlainDate; at: string }): Sample {
  const { pick } = frame.random
  const when = { on, at, minutes: pick(kind.minutes), zone: frame.zone }
  return timed(when, { summary: pick(kind.titles), ...kind.more?.(frame) })
}

function randomWeekday({ monday, random }: Frame): Temporal.PlainDate {
  const week = random.happens(20) ? random.between(-nearWeeks, nearWeeks) : random.between(-52, 51)
  return monday.add({ days: week * 7 + random.between(0, 4) })
}
