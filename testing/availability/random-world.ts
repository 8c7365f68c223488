import { Temporal } from 'temporal-polyfill'
import type { Booked, DayHours, Query, TimeOff, WeekHours, WorkingMember, World } from '#lib/availability/world.ts'

/** Random worlds for tests and measurements: the same seed gives the same world. */

const minute = 60_000
const day = 24 * 60 * minute
const zones = [
  ['UTC', '2026-03-02'],
  ['Australia/Sydney', '2026-04-02'],
  ['Australia/Sydney', '2026-10-01'],
  ['Europe/Berlin', '2026-03-26'],
  ['Europe/Berlin', '2026-10-22'],
  ['America/New_York', '2026-11-01'],
  ['America/New_York', '2026-03-05'],
  ['America/St_Johns', '2026-03-06'],
  ['Australia/Lord_Howe', '2026-04-01'],
  ['Australia/Lord_Howe', '2026-10-02'],
  ['Asia/Kathmandu', '2026-06-10'],
  ['Pacific/Apia', '2011-12-27'],
  ['America/Havana', '2026-03-05'],
  ['America/Havana', '2026-10-30'],
  ['Africa/Casablanca', '2026-02-12'],
  ['Africa/Cairo', '2026-04-20'],
] as const

/** mulberry32 */
const generator = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Size = { days: number; members: number; bookedPerDay: number }

export const randomWorld = (seed: number, given: Partial<Size> = {}): { world: World; query: Query } => {
  const random = generator(seed)
  const below = (count: number) => Math.floor(random() * count)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
  const chance = (share: number) => random() < share
  const { days = 7, members: count = 1 + below(4), bookedPerDay = below(5) } = given
  const [zone, date] = pick(zones)
  const from = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds + pick([0, 0, 9 * 60 + 7]) * minute
  const clockTime = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const spans = () => {
    if (chance(0.1)) return [{ from: '00:00', to: '24:00' }]
    if (chance(0.15)) return []
    const [start, length] = [below(22) * 30, 60 + below(20) * 30]
    const end = Math.min(start + length, 24 * 60)
    const pause = start + Math.floor((end - start) / 60) * 30
    return chance(0.3) && end - start >= 120
      ? [
          { from: clockTime(start), to: clockTime(pause) },
          { from: clockTime(pause + 30), to: clockTime(end) },
        ].filter((span) => span.from < span.to)
      : [{ from: clockTime(start), to: clockTime(end) }]
  }
  const week = (): WeekHours => Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((name) => [name, spans()]))
  const wallDay = Date.parse(`${date}T00:00:00Z`)
  const timeOff = (id: string): TimeOff => {
    const repeats = pick(['never', 'weekly', 'yearly'] as const)
    const shift = repeats === 'never' ? 0 : repeats === 'weekly' ? -7 * below(4) : -365 * below(3)
    const start = wallDay + (below(days) + shift) * day + pick([0, 0, 8 * 60, 130]) * minute
    return {
      id,
      from: start,
      until: start + pick([day, 3 * day, 90 * minute, 26 * 60 * minute]),
      repeats,
      lastDay: chance(0.2) ? Math.floor(wallDay / day) + below(days) : null,
    }
  }
  const members = Array.from(
    { length: count },
    (_, index): WorkingMember => ({
      id: `m${index}`,
      hours: chance(0.5) ? week() : null,
      timeOff: Array.from({ length: below(3) }, (_each, at) => timeOff(`off${index}-${at}`)),
      google: pick(['fresh', 'fresh', 'unlinked', 'unknown']),
    }),
  )
  const someMembers = (share: number) => members.filter(() => chance(share)).map(({ id }) => id)
  const span = () => {
    const start = Math.floor(from / (5 * minute)) * 5 * minute + below(days * 288) * 5 * minute
    return { from: start, until: start + (1 + below(24)) * 5 * minute }
  }
  const gap = () => pick([0, 0, 0, 10, 15, 30])
  const booked = Array.from(
    { length: bookedPerDay * days },
    (_, index): Booked => ({
      ...span(),
      id: `b${index}`,
      kind: chance(0.2) ? 'hold' : 'appointment',
      memberIds: someMembers(0.5),
      gapBefore: gap(),
      gapAfter: gap(),
    }),
  )
  const exceptions = Array.from({ length: days }, (_, index) => index)
    .filter(() => chance(0.15))
    .map(
      (index): DayHours => ({
        date: Temporal.PlainDate.from(date).add({ days: index }).toString(),
        hours: chance(0.6) ? [] : spans(),
        holiday: chance(0.5),
      }),
    )
  const world: World = {
    now: from + (below(days * 24) - 24) * 60 * minute,
    zone,
    rules: {
      noticeMinutes: pick([0, 0, 120, 24 * 60]),
      horizonDays: pick([1, 5, 60, 365]),
      stepMinutes: pick([5, 10, 15, 15, 20, 30, 60]),
      mostPerDay: pick([null, null, 1, 3]),
      sameDayCutOff: pick([null, null, '12:00']),
      whenGoogleUnknown: pick(['refuse', 'pending']),
    },
    week: week(),
    exceptions,
    members,
    booked,
    occurrences: Array.from({ length: below(8) }, (_, index) => ({
      ...span(),
      id: `g${index}`,
      memberIds: chance(0.3) ? [] : someMembers(0.4),
    })),
  }
  const query: Query = {
    from,
    until: from + days * day,
    service: chance(0.7)
      ? {
          id: 's',
          gapBefore: gap(),
          gapAfter: gap(),
          memberIds: chance(0.5) ? someMembers(0.7) : null,
          people: pick([1, 1, 1, 2]),
          noticeMinutes: pick([null, 0, 60]),
          horizonDays: pick([null, 3, 90]),
        }
      : null,
    minutes: pick([5, 15, 30, 45, 60, 60, 90, 120, 480]),
    memberIds: chance(0.7) ? [] : someMembers(0.3),
    part: pick([undefined, undefined, undefined, 'morning', 'afternoon', 'evening']),
    limit: pick([3, 1000, 100_000]),
    exceptId: chance(0.2) ? 'b0' : undefined,
  }
  return { world, query }
}
