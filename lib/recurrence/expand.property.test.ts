import fc from 'fast-check'
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { expand } from './expand.ts'
import { startsByTheBook } from './reference.ts'
import type { EventTimes } from './times.ts'

/*
 * Two references. `reference.ts` reads RFC 5545 literally and covers every shape of rule. ical.js
 * is independent and covers the shapes it gets right: each exclusion below was examined and is an
 * error of ical.js against the text of the RFC. Both iterate the rule in floating wall time from
 * DTSTART; Temporal converts each start in the zone; COUNT, UNTIL, DTSTART, EXDATE and RDATE are
 * applied here to the whole list. RECURRENCE_CASES sets the number of cases; a failing run prints
 * its seed, RECURRENCE_SEED takes it.
 */
const cases = Number(process.env.RECURRENCE_CASES ?? 300)

const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'America/Havana',
]
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

const byWeek = (a: number | string, b: number | string) =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : weekdays.indexOf(`${a}`.slice(-2)) - weekdays.indexOf(`${b}`.slice(-2)) ||
      Number.parseInt(`${a}`, 10) - Number.parseInt(`${b}`, 10)

const some = <T>(values: readonly T[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength })
const list = (name: string, values: fc.Arbitrary<(number | string)[]>) =>
  values.map((chosen) => `${name}=${[...chosen].sort(byWeek).join(',')}`)
const between = (min: number, max: number, maxLength = 3) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength })
const signed = (max: number) =>
  fc.uniqueArray(
    fc.integer({ min: -max, max }).filter((number) => number !== 0),
    { minLength: 1, maxLength: 3 },
  )
const ordinal = (max: number) =>
  fc
    .tuple(
      fc.integer({ min: -max, max }).filter((number) => number !== 0),
      fc.constantFrom(...weekdays),
    )
    .map(([position, day]) => `${position}${day}`)

const byDay = list('BYDAY', some(weekdays, 5))
const byOrdinalDay = (max: number) => list('BYDAY', fc.uniqueArray(ordinal(max), { minLength: 1, maxLength: 3 }))
const byMonth = list('BYMONTH', between(1, 12))
const byMonthDay = list('BYMONTHDAY', signed(31))
const times = fc.array(
  fc.oneof(list('BYHOUR', between(0, 23)), list('BYMINUTE', fc.constantFrom([0, 30], [15], [5, 50]))),
  { maxLength: 1 },
)

const dayParts: Record<string, fc.Arbitrary<readonly string[]>> = {
  DAILY: fc.oneof(fc.constant([]), fc.tuple(byDay), fc.tuple(byMonth), fc.tuple(byMonthDay), fc.tuple(byMonth, byDay)),
  WEEKLY: fc.oneof(fc.constant([]), fc.tuple(byDay), fc.tuple(byDay, byMonth)),
  MONTHLY: fc.oneof(
    fc.constant([]),
    fc.tuple(byDay),
    fc.tuple(byOrdinalDay(5)),
    fc.tuple(byMonthDay),
    fc.tuple(byMonthDay, byDay),
    fc.tuple(byOrdinalDay(4), byMonth),
    fc.tuple(byDay, list('BYSETPOS', signed(4))),
    fc.tuple(byMonthDay, byMonth),
  ),
  YEARLY: fc.oneof(
    fc.constant([]),
    fc.tuple(byMonth),
    fc.tuple(byMonth, byMonthDay),
    fc.tuple(byMonth, byDay),
    fc.tuple(byMonth, byOrdinalDay(5)),
    fc.tuple(byDay),
    fc.tuple(byOrdinalDay(52)),
    fc.tuple(list('BYYEARDAY', signed(366))),
    fc.tuple(list('BYWEEKNO', signed(53)), byDay),
  ),
  HOURLY: fc.oneof(fc.constant([]), fc.tuple(byDay), fc.tuple(list('BYHOUR', between(0, 23, 5)))),
}

const rules = fc
  .constantFrom(...Object.keys(dayParts))
  .chain((frequency) =>
    fc.record({
      frequency: fc.constant(frequency),
      interval: fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 })),
      days: dayParts[frequency] ?? fc.constant([]),
      times: frequency === 'HOURLY' ? fc.constant([]) : times,
      weekStart: fc.constantFrom('', 'WKST=SU', 'WKST=MO', 'WKST=TH'),
    }),
  )
  .map((rule) =>
    [`FREQ=${rule.frequency}`, `INTERVAL=${rule.interval}`, ...rule.days, ...rule.times, rule.weekStart]
      .filter((part) => part !== '')
      .join(';'),
  )

const series = fc.record({
  rule: rules,
  zone: fc.constantFrom(...zones),
  allDay: fc.boolean(),
  start: fc
    .record({
      year: fc.integer({ min: 2014, max: 2024 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
      hour: fc.constantFrom(0, 1, 2, 3, 9, 14, 23),
      minute: fc.constantFrom(0, 15, 30),
    })
    .map((parts) => Temporal.PlainDateTime.from(parts)),
  length: fc.constantFrom(1, 30, 60, 600, 3000),
  end: fc.oneof(
    fc.constant({ kind: 'none' as const, size: 0 }),
    fc.record({
      kind: fc.constantFrom('count' as const, 'until' as const),
      size: fc.integer({ min: 1, max: 60 }),
    }),
  ),
  dropped: fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
  added: fc.array(fc.integer({ min: -20, max: 900 }), { maxLength: 3 }),
  lines: fc.constantFrom('zoned' as const, 'utc' as const),
  windowAt: fc.integer({ min: -30, max: 600 }),
  windowDays: fc.constantFrom(1, 7, 42, 400),
})

type Series = typeof series extends fc.Arbitrary<infer T> ? T : never
type Wall = Temporal.PlainDateTime

const key = (wall: Wall) => wall.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')
const utcKey = (instant: Temporal.Instant) => `${key(instant.toZonedDateTimeISO('UTC').toPlainDateTime())}Z`

function place(wall: Wall, { allDay, zone }: Series): Temporal.Instant {
  return (allDay ? wall.withPlainTime() : wall).toZonedDateTime(zone).toInstant()
}

/** A reference implementation: the rule's own starts up to `last`. */
type Judge = (rule: string, start: Wall, last: Wall, allDay: boolean) => Wall[]

const byTheBook: Judge = startsByTheBook

const byIcal: Judge = (rule, start, last, allDay) => {
  const recur = ICAL.Recur.fromString(rule)
  recur.until = icalTime(last, allDay)
  const iterator = recur.iterator(icalTime(start, allDay))
  const walls: Wall[] = []
  for (let next = iterator.next(); next; next = iterator.next()) {
    const { year, month, day, hour, minute, second } = next
    walls.push(Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }))
  }
  return walls
}

function withoutTimes(rule: string): string {
  return rule.replace(/;BY(?:HOUR|MINUTE)=[^;]*/g, '')
}

function icalTime(wall: Wall, isDate: boolean): ICAL.Time {
  const { year, month, day, hour, minute, second } = wall
  return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate })
}

/** Original starts in the window by the reference, and the equivalent lines. */
function expected(one: Series, judge: Judge) {
  const start = one.allDay ? one.start.withPlainTime() : one.start
  const first = place(start, one)
  // The references iterate from DTSTART: an hourly rule takes them a second per year.
  const windowAt = one.rule.startsWith('FREQ=HOURLY') ? one.windowAt % 60 : one.windowAt
  const from = first.add({ hours: windowAt * 24 })
  const to = from.add({ hours: one.windowDays * 24 })
  const identity = (instant: Temporal.Instant) =>
    one.allDay ? key(instant.toZonedDateTimeISO(one.zone).toPlainDateTime()).slice(0, 8) : utcKey(instant)
  const bare = one.allDay ? withoutTimes(one.rule) : one.rule
  const last = to.toZonedDateTimeISO(one.zone).toPlainDateTime().add({ days: 2 })
  const own = judge(bare, start, last, one.allDay)
  const all = own[0]?.equals(start) ? own : [start, ...own]
  const lines: string[] = []
  let kept = all
  let ending = ''
  if (one.end.kind === 'count') {
    // Google counts the rule's own starts; one that the rule does not match comes on top.
    kept = all.slice(0, one.end.size + all.length - own.length)
    ending = `;COUNT=${one.end.size}`
  }
  if (one.end.kind === 'until') {
    const until = first.add({ hours: one.end.size * 97 })
    const untilDate = until.toZonedDateTimeISO('UTC').toPlainDate()
    ending = one.allDay ? `;UNTIL=${key(untilDate.toPlainDateTime()).slice(0, 8)}` : `;UNTIL=${utcKey(until)}`
    kept = all.filter((wall) =>
      one.allDay
        ? Temporal.PlainDate.compare(wall.toPlainDate(), untilDate) <= 0
        : Temporal.Instant.compare(place(wall, one), until) <= 0,
    )
  }
  lines.push(`RRULE:${one.rule}${ending}`)
  const starts = new Map(kept.map((wall) => [identity(place(wall, one)), place(wall, one)]))
  for (const days of one.added) {
    const extra = start.add({ days })
    starts.set(identity(place(extra, one)), place(extra, one))
    lines.push(listed('RDATE', extra, one))
  }
  for (const index of one.dropped) {
    const gone = all[index]
    if (!gone) continue
    starts.delete(identity(place(gone, one)))
    lines.push(listed('EXDATE', gone, one))
  }
  const endOf = (instant: Temporal.Instant) =>
    one.allDay
      ? instant
          .toZonedDateTimeISO(one.zone)
          .toPlainDate()
          .add({ days: daysOf(one) })
          .toZonedDateTime(one.zone)
          .toInstant()
      : instant.add({ minutes: one.length })
  const inside = [...starts].filter(
    ([, instant]) => Temporal.Instant.compare(endOf(instant), from) > 0 && Temporal.Instant.compare(instant, to) < 0,
  )
  return {
    lines,
    window: { start: from.toString(), end: to.toString() },
    identities: inside.map(([identity]) => identity).sort(),
  }
}

function daysOf({ length }: Series): number {
  return length > 100 ? 3 : 1
}

function listed(name: string, wall: Wall, one: Series): string {
  if (one.allDay) return `${name};VALUE=DATE:${key(wall).slice(0, 8)}`
  if (one.lines === 'utc') return `${name}:${utcKey(place(wall, one))}`
  return `${name};TZID=${one.zone}:${key(wall)}`
}

function timesOf(one: Series): EventTimes {
  const date = one.start.toPlainDate()
  if (one.allDay) return { allDay: true, start: `${date}`, end: `${date.add({ days: daysOf(one) })}` }
  const start = place(one.start, one)
  const end = start.add({ minutes: one.length })
  return { allDay: false, start: `${start}`, end: `${end}`, startZone: one.zone, endZone: one.zone }
}

/** Where ical.js deviates from the RFC. */
const wrongInIcal: { rule: RegExp; because: string }[] = [
  { rule: /FREQ=DAILY.*BYMONTHDAY=[^;]*-/, because: 'compares negative month days literally and never ends' },
  {
    rule: /FREQ=(?:MONTHLY|YEARLY).*BY(?:HOUR|MINUTE)=\d+,/,
    because: 'loses starts where a day has several times',
  },
  { rule: /FREQ=MONTHLY.*BYMONTHDAY.*BYDAY/, because: 'visits months that INTERVAL leaves out' },
  {
    rule: /FREQ=MONTHLY.*BYMONTH=/,
    because: 'visits months that INTERVAL leaves out, and days out of order',
  },
  { rule: /FREQ=MONTHLY.*BYSETPOS=[^;]*-/, because: 'drops the last-but-n of a month of just n days' },
  {
    rule: /FREQ=YEARLY.*BYMONTHDAY=[^;]*(?:-|29|30|31)/,
    because: 'makes April 31 the first of May, and -5 alike',
  },
  { rule: /FREQ=YEARLY.*BYWEEKNO/, because: 'names other weeks: BYWEEKNO=8 gives three weeks of March' },
  {
    rule: /FREQ=YEARLY;INTERVAL=\d+;BYDAY=[^;]*\d/,
    because: 'takes the tenth Sunday of a year for every Sunday',
  },
  { rule: /FREQ=HOURLY;INTERVAL=[2-9].*BYHOUR/, because: 'visits hours that INTERVAL leaves out' },
]

function fitForIcal({ rule, start, allDay, ...rest }: Series): Series | null {
  const bare = allDay ? withoutTimes(rule) : rule
  if (wrongInIcal.some((wrong) => wrong.rule.test(bare))) return null
  // ical.js gives the first start of a rule unchecked: DTSTART has to match.
  const opening = allDay ? start.withPlainTime() : start
  const first = startsByTheBook(bare, opening, opening.add({ days: rule.startsWith('FREQ=HOURLY') ? 10 : 400 }))[0]
  // April 31 again, when the day comes from DTSTART.
  if (!first || (rule.startsWith('FREQ=YEARLY') && first.day > 28)) return null
  return { rule, start: first, allDay, ...rest }
}

/**
 * A DTSTART in a gap is moved on before it reaches Google: no event starts at a time that does not
 * exist.
 */
const startsForReal = (one: Series) =>
  one.allDay || place(one.start, one).toZonedDateTimeISO(one.zone).toPlainDateTime().equals(one.start)

function agrees(one: Series, judge: Judge): void {
  const { lines, window, identities } = expected(one, judge)
  const { occurrences, problems } = expand({
    master: { eventId: 'm', times: timesOf(one), recurrence: lines },
    exceptions: [],
    window,
    calendarZone: one.zone,
  })
  const starts = occurrences.map((occurrence) => occurrence.originalStart).sort()
  expect({ lines, window, problems, starts }).toEqual({ lines, window, problems: [], starts: identities })
}

const runs = {
  numRuns: cases,
  ...(process.env.RECURRENCE_SEED ? { seed: Number(process.env.RECURRENCE_SEED) } : {}),
}
const timeout = 30_000 + cases * 200
const makesSense = (one: Series) => startsForReal(one) && !(one.allDay && one.rule.startsWith('FREQ=HOURLY'))

test('agrees with RFC 5545 read literally', { timeout }, () => {
  fc.assert(
    fc.property(series.filter(makesSense), (one) => agrees(one, byTheBook)),
    runs,
  )
})

test('agrees with ical.js', { timeout }, () => {
  const fit = series.map(fitForIcal).filter((one): one is Series => one !== null && makesSense(one))
  fc.assert(
    fc.property(fit, (one) => agrees(one, byIcal)),
    runs,
  )
})
