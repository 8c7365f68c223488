import { Temporal } from 'temporal-polyfill'
import { firstDateOf, type Repeat } from '#lib/repeat/repeat.ts'
import type { Edit, VisitState } from '#lib/series/change/plan-change.ts'
import type { Template } from '#lib/series/change/template.ts'
import { datesByDay } from './dates-by-day.ts'

/**
 * A reference for changes of series: lists of dates and visits, found by looking at every day and
 * with `Temporal`, without rules as text and without the clock and the expansion of the product.
 */

export type Model = {
  repeat: Repeat
  /** Date of the first visit, and its time of day. */
  first: string
  time: string
  zone: string
  minutes: number
  template: Template
  plannedUntil: string | null
  ended: boolean
  /** Of the present series, by original start. */
  visits: VisitState[]
}

/** A visit that exists afterwards, without an id if it is new. */
export type Expected = {
  id: string | null
  /** Its row; null if it is no visit any more. */
  key: string | null
  start: string
  end: string
  status: 'booked' | 'cancelled'
  template: Template
}

const instants = new Map<string, string>()

export const instantOf = (wall: string, zone: string) => {
  const known =
    instants.get(wall + zone) ?? Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant().toString()
  instants.set(wall + zone, known)
  return known
}

export const wallOf = (instant: string, zone: string) =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })

export const later = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString().replace('.000Z', 'Z')

const minutesBetween = (start: string, end: string) => (Date.parse(end) - Date.parse(start)) / 60_000

const dateOf = (wall: string) => wall.slice(0, 10)
const plain = (date: string) => Temporal.PlainDate.from(date)
const forever = '2060-01-01'

/** Every date of a series up to one, as wall times. */
export const datesOf = (model: Pick<Model, 'repeat' | 'first' | 'time'>, to: string, most?: number) =>
  datesByDay(model.repeat, model.first, { to, most }).map((date) => date + model.time)

/** Whether a series goes on after a date. */
export const goesOn = (model: Pick<Model, 'repeat' | 'first' | 'time'>, date: string) =>
  datesOf(model, forever, datesOf(model, date).length + 1).length > datesOf(model, date).length

type Change = {
  scope: 'following' | 'all'
  acted: string
  edit: Edit
  includeChanged: boolean
  now: string
}

/** Appointments of the visits after a change; null if there is nothing to change. */
export const expectedAfter = (model: Model, change: Change): Expected[] | null => {
  const { scope, acted, edit, now } = change
  const from = scope === 'all' ? '' : acted
  const startOf = (visit: VisitState) => visit.appointment?.start ?? instantOf(visit.originalStart, model.zone)
  const until = model.plannedUntil ?? forever
  const ruleDates = datesOf(model, until)
  const first =
    ruleDates.find(
      (date) =>
        date >= from &&
        instantOf(date, model.zone) > now &&
        model.visits.some(({ originalStart }) => originalStart === date),
    ) ??
    (model.plannedUntil && !model.ended ? datesOf(model, forever, ruleDates.length + 1)[ruleDates.length] : undefined)
  const isToCome = (visit: VisitState) => visit.appointment?.status === 'booked' && startOf(visit) > now
  const concerned = model.visits.filter(
    (visit) => visit.originalStart >= from && (!first || visit.originalStart < first) && isToCome(visit),
  )
  if (!first && concerned.length === 0) return null
  const after: Expected[] = []
  const same = ({ appointment, originalStart: key }: VisitState) => {
    if (appointment) after.push({ ...appointment, key })
  }
  const affected = model.visits.filter(({ originalStart }) => first !== undefined && originalStart >= first)
  for (const visit of model.visits) if (!affected.includes(visit) && !concerned.includes(visit)) same(visit)
  if (edit.kind === 'cancel') {
    for (const visit of [...concerned, ...affected]) {
      if (!visit.appointment) continue
      after.push({
        ...visit.appointment,
        key: visit.originalStart,
        status: isToCome(visit) ? 'cancelled' : visit.appointment.status,
      })
    }
    return after
  }
  const next = first ? nextOf(model, change, first) : null
  if (first && !next) return null
  const used = new Set<string>()
  const add = (visit: VisitState, date: string | null, series: Next | null) => {
    const result = changed(model, change, { visit, date, next: series })
    if (result) after.push(result)
  }
  // Earlier visits that were moved get the fields and keep their time.
  for (const visit of concerned) add(visit, visit.originalStart, null)
  if (!next || !first) return after
  const oldDates = ruleDates.filter((date) => date >= first)
  const pairs = pairsOf(model, next, oldDates)
  // Visits of dates come first; one without a date takes its own if that is left.
  for (const isPaired of [true, false])
    for (const visit of affected) {
      if (oldDates.includes(visit.originalStart) !== isPaired) continue
      const wanted = isPaired ? (pairs.get(visit.originalStart) ?? null) : visit.originalStart
      const date = wanted && next.dates.includes(wanted) && !used.has(wanted) ? wanted : null
      if (date) used.add(date)
      add(visit, date, next)
    }
  for (const date of next.dates) {
    const start = instantOf(date, next.zone)
    if (used.has(date) || start <= now) continue
    after.push({
      id: null,
      key: date,
      start,
      end: later(start, next.minutes),
      status: 'booked',
      template: next.template,
    })
  }
  return after
}

export type Next = Pick<Model, 'repeat' | 'first' | 'time' | 'zone' | 'minutes' | 'template'> & { dates: string[] }

/** The series from a date on. Null: there would be two visits on one weekday, or none at all. */
export const nextOf = (model: Model, { acted, edit, now }: Change, first: string): Next | null => {
  if (edit.kind === 'cancel') return null
  const takesTime = edit.startsAt !== undefined || edit.repeat !== undefined
  const zone = takesTime ? edit.timeZone : model.zone
  const before = datesOf(model, dateOf(first)).length - 1
  const oldDates = datesOf(model, model.plannedUntil ?? forever).filter((date) => date >= first)
  const ends = model.repeat.ends
  const rest: Repeat['ends'] = typeof ends === 'object' && 'after' in ends ? { after: ends.after - before } : ends
  let repeat: Repeat = { ...model.repeat, ends: rest }
  let start = dateOf(first)
  if (edit.repeat) {
    start = firstDateOf(edit.repeat, acted === first && edit.startsAt ? dateOf(edit.startsAt) : start)
    repeat = edit.repeat
  } else if (edit.startsAt) {
    const shifted = shift(model, { acted, to: edit.startsAt, first })
    if (!shifted) return null
    start = shifted.start
    repeat = { ...shifted.repeat, ends: rest }
    if (typeof rest === 'object' && 'on' in rest) {
      const count = datesOf(model, forever).filter((date) => date >= first).length
      const on = datesByDay({ ...shifted.repeat, ends: 'never' }, start, { to: forever, most: count }).at(-1) ?? start
      repeat = { ...repeat, ends: { on } }
    }
  }
  const next = { repeat, first: start, time: edit.startsAt?.slice(10) ?? first.slice(10), zone }
  const horizon = horizonOf(dateOf(wallOf(now, zone)), start)
  const within = datesOf(next, horizon)
  if (within.length === 0 || within.length > 400) return null
  const isShort = within.length < oldDates.length && edit.startsAt && !edit.repeat
  return {
    ...next,
    minutes: edit.minutes ?? model.minutes,
    template: { ...model.template, ...edit.fields },
    dates: isShort ? datesOf(next, forever, oldDates.length) : within,
  }
}

export const horizonOf = (today: string, start: string) => {
  const end = plain(today)
    .with({ day: 1 })
    .add({ months: 13 })
    .add({ days: plain(today).day - 1 })
    .toString()
  return end > start ? end : start
}

/** The fifth weekday of a month is kept as its last. */
const asKept = ({ repeat, first }: Pick<Model, 'repeat' | 'first'>): Repeat =>
  repeat.monthly === 'weekday' && plain(first).day > 28 ? { ...repeat, monthly: 'last-weekday' } : repeat

const monthsOf = (date: string) => plain(date).year * 12 + plain(date).month

const shift = (model: Model, { acted, to, first }: { acted: string; to: string; first: string }) => {
  const repeat = asKept(model)
  let [was, is] = [plain(dateOf(acted)), plain(dateOf(to))]
  if (acted < first) {
    // The others follow the last move of a visit that was moved before.
    const { start } = model.visits.find(({ originalStart }) => originalStart === acted)?.appointment ?? {}
    const by = start ? plain(dateOf(wallOf(start, model.zone))).until(dateOf(to)).days : 0
    was = plain(dateOf(first))
    is = was.add({ days: by })
  }
  const start = plain(dateOf(first))
  if (was.equals(is)) return { repeat, start: start.toString() }
  if (repeat.unit === 'day') return { repeat, start: start.add(was.until(is)).toString() }
  if (repeat.unit === 'week') {
    const others = (repeat.weekdays ?? [was.dayOfWeek]).filter((day) => day !== was.dayOfWeek)
    if (others.includes(is.dayOfWeek)) return null
    const monday = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 })
    const week = monday(start).add(monday(was).until(monday(is)))
    const weekday = start.dayOfWeek === was.dayOfWeek ? is.dayOfWeek : start.dayOfWeek
    return {
      repeat: { ...repeat, weekdays: [...others, is.dayOfWeek].sort() },
      start: week.add({ days: weekday - 1 }).toString(),
    }
  }
  const isLast = is.day === is.daysInMonth
  const monthly = repeat.monthly ?? 'date'
  const isLastWeekday = is.day > is.daysInMonth - 7
  const kind =
    monthly === 'last-day' && isLast
      ? monthly
      : monthly === 'last-weekday' && isLastWeekday
        ? monthly
        : monthly === 'weekday' || monthly === 'last-weekday'
          ? 'weekday'
          : 'date'
  const shifted: Repeat = repeat.unit === 'month' ? { ...repeat, monthly: kind } : repeat
  if (start.equals(was)) return { repeat: shifted, start: is.toString() }
  // The first month, from that of the first visit on, that has such a day.
  const every = repeat.unit === 'year' ? 12 * repeat.every : repeat.every
  for (
    let months = monthsOf(start.toString()) + monthsOf(is.toString()) - monthsOf(was.toString());
    ;
    months += every
  ) {
    const month = Temporal.PlainDate.from({
      year: Math.floor((months - 1) / 12),
      month: ((months - 1) % 12) + 1,
      day: 1,
    })
    for (let day = month; day.month === month.month; day = day.add({ days: 1 }))
      if (isLike(shifted, day, is)) return { repeat: shifted, start: day.toString() }
  }
}

const isLike = ({ unit, monthly }: Repeat, day: Temporal.PlainDate, like: Temporal.PlainDate) => {
  if (unit === 'year' || monthly === 'date') return day.day === like.day
  if (monthly === 'last-day') return day.day === day.daysInMonth
  const isLast = monthly === 'last-weekday' || like.day > 28
  const place = isLast ? day.day > day.daysInMonth - 7 : Math.ceil(day.day / 7) === Math.ceil(like.day / 7)
  return day.dayOfWeek === like.dayOfWeek && place
}

const perPeriod = ({ unit, weekdays }: Repeat) => (unit === 'week' ? (weekdays?.length ?? 1) : 1)

/** Whether a period may be without a date. */
const hasGaps = ({ repeat, first }: Pick<Model, 'repeat' | 'first'>) =>
  repeat.unit === 'year'
    ? first.endsWith('-02-29')
    : repeat.unit === 'month' && (repeat.monthly ?? 'date') === 'date' && plain(first).day > 28

const pairsOf = (model: Model, next: Next, oldDates: string[]): Map<string, string> => {
  const pairs = new Map<string, string>()
  const [a, b] = [model.repeat, next.repeat]
  const isSameShape = a.unit === b.unit && a.every === b.every && perPeriod(a) === perPeriod(b)
  const byMonth = hasGaps(model) || hasGaps(next)
  for (const [n, old] of oldDates.entries()) {
    const found = !isSameShape
      ? next.dates.find((date) => dateOf(date) === dateOf(old))
      : byMonth
        ? next.dates.find(
            (date) =>
              monthsOf(dateOf(date)) - monthsOf(dateOf(next.dates[0] ?? date)) ===
              monthsOf(dateOf(old)) - monthsOf(dateOf(oldDates[0] ?? old)),
          )
        : next.dates[n]
    if (found) pairs.set(old, found)
  }
  return pairs
}

type Changed = { visit: VisitState; date: string | null; next: Next | null }

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export const isChangedAlone = (model: Model, { originalStart, appointment }: VisitState) =>
  appointment !== null &&
  (appointment.start !== instantOf(originalStart, model.zone) ||
    minutesBetween(appointment.start, appointment.end) !== model.minutes ||
    !equal(sorted(appointment.template), sorted(model.template)))

const sorted = (template: Template) => Object.entries(template).sort(([a], [b]) => (a < b ? -1 : 1))

const changed = (model: Model, change: Change, { visit, date, next }: Changed): Expected | null => {
  const { acted, edit, includeChanged, now } = change
  const { appointment, originalStart } = visit
  if (!appointment || edit.kind === 'cancel') return null
  const isPast = appointment.start <= now
  const isActed = originalStart === acted
  const all = isActed || includeChanged
  const isKept = isPast || (appointment.status === 'booked' && isChangedAlone(model, visit) && !all)
  const own = isKept && !next?.dates.includes(originalStart) ? originalStart : null
  const same = { ...appointment, key: date ?? own }
  if (appointment.status === 'cancelled' || isPast) return same
  if (!date) return isKept ? same : { ...same, key: null, status: 'cancelled' }
  const template: Record<string, unknown> = { ...appointment.template }
  for (const [name, value] of Object.entries(edit.fields)) {
    const isOwn = !equal(Reflect.get(appointment.template, name), Reflect.get(model.template, name))
    if (all || !isOwn) template[name] = value
  }
  const length = minutesBetween(appointment.start, appointment.end)
  const minutes = edit.minutes !== undefined && (all || length === model.minutes) ? edit.minutes : length
  let { start } = appointment
  const isMoved = start !== instantOf(originalStart, model.zone)
  if (isActed && edit.startsAt) start = instantOf(edit.startsAt, edit.timeZone)
  else if (next && (edit.startsAt || edit.repeat) && (!isMoved || includeChanged)) start = instantOf(date, next.zone)
  return start <= now ? same : { ...same, start, end: later(start, minutes), template: template as Template }
}
