import { Temporal } from 'temporal-polyfill'
import type { Availability, Query, Reason, Slot, TimeOff, WorkingMember, World } from '#lib/availability/world.ts'

/*
 * Availability minute by minute, for tests: a table says for each minute whether the business is
 * open and whether a member works or is busy; a slot needs every one of its minutes. Slow and plain
 * on purpose; shares no code with the product and asks Temporal for every time.
 */

const minute = 60_000
const margin = 3 * 24 * 60

export const availabilityByMinute = (world: World, query: Query): Availability => {
  const base = query.from - margin * minute
  const size = (query.until - base) / minute + margin
  const at = (instant: number) => Math.round((instant - base) / minute)
  const blank = () => new Uint8Array(size)
  const fill = (table: Uint8Array, from: number, until: number) =>
    table.fill(1, Math.max(0, at(from)), Math.max(0, Math.min(size, at(until))))
  const dates = datesBetween(base, base + size * minute, world.zone)

  const open = blank()
  for (const date of dates) for (const [from, until] of openOn(world, date)) fill(open, from, until)
  const tables = new Map(
    world.members.map((member) => {
      const [works, busy] = [blank(), blank()]
      if (!member.hours) works.fill(1)
      for (const date of dates)
        for (const { from, to } of member.hours?.[date.dayOfWeek] ?? [])
          fill(works, wallOn(date, from, world.zone), wallOn(date, to, world.zone))
      for (const off of member.timeOff)
        for (const [from, until] of offTimes(off, dates, world.zone))
          works.fill(0, Math.max(0, at(from)), Math.max(0, at(until)))
      for (const { from, until, memberIds } of world.occurrences)
        if (memberIds.length === 0 || memberIds.includes(member.id)) fill(busy, from, until)
      return [member.id, { works, busy }]
    }),
  )
  const every = (table: Uint8Array | undefined, start: number, value: number) => {
    for (let i = at(start); i < at(start) + query.minutes; i++) if (table?.[i] !== value) return false
    return true
  }
  const own = (id: string) => world.booked.filter((each) => each.memberIds.includes(id) && each.id !== query.exceptId)
  const keepsGaps = (id: string, start: number) =>
    own(id).every((each) => {
      const end = start + query.minutes * minute
      const before = Math.max(each.gapAfter, query.service?.gapBefore ?? 0) * minute
      const after = Math.max(each.gapBefore, query.service?.gapAfter ?? 0) * minute
      return each.from >= end + after || each.until + before <= start
    })

  const dateAt = (instant: number) => zoned(instant, world.zone).toPlainDate().toString()
  const today = zoned(world.now, world.zone)
  const lastDate = today
    .toPlainDate()
    .add({ days: query.service?.horizonDays ?? world.rules.horizonDays })
    .toString()
  const notice = query.service?.noticeMinutes ?? world.rules.noticeMinutes
  const cutOff = world.rules.sameDayCutOff
  const isCutOff = cutOff !== null && today.toPlainTime().toString().slice(0, 5) >= cutOff
  const able = world.members.filter(({ id }) => query.service?.memberIds?.includes(id) ?? true)
  const needed = Math.max(query.service?.people ?? 1, query.memberIds.length)
  const enough = (members: readonly WorkingMember[]) =>
    members.length >= needed && query.memberIds.every((id) => members.some((member) => member.id === id))
  const onDate = (id: string, date: string) => own(id).filter(({ from }) => dateAt(from) === date)

  const starts = new Map<string, number[]>()
  const seen = new Set<string>()
  for (let instant = Math.ceil((base + minute * 24 * 60) / minute) * minute; instant < query.until; instant += minute) {
    const wall = wallAt(instant, world.zone)
    // An hour that exists twice is offered once: the second time its wall time was already seen.
    if (seen.has(wall)) continue
    seen.add(wall)
    const ofDay = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16))
    if (instant < query.from || ofDay % world.rules.stepMinutes !== 0) continue
    const part = ofDay < 12 * 60 ? 'morning' : ofDay < 17 * 60 ? 'afternoon' : 'evening'
    if (query.part && query.part !== part) continue
    if (!every(open, instant, 1)) continue
    const date = wall.slice(0, 10)
    starts.set(date, [...(starts.get(date) ?? []), instant])
  }

  const reasonOf = (date: string): Reason | Slot[] => {
    if (date > lastDate) return 'too-far'
    const candidates = starts.get(date) ?? []
    if (candidates.length === 0)
      return world.exceptions.some((day) => day.date === date && day.holiday) ? 'holiday' : 'closed'
    if (!enough(able)) return 'no-staff-qualified'
    const working = (start: number) => able.filter(({ id }) => every(tables.get(id)?.works, start, 1))
    const staffed = candidates.filter((start) => enough(working(start)))
    if (staffed.length === 0) return 'no-staff-working'
    const soonEnough = staffed.filter(
      (start) => start >= world.now + notice * minute && !(isCutOff && date === today.toPlainDate().toString()),
    )
    if (soonEnough.length === 0) return 'too-soon'
    const most = world.rules.mostPerDay ?? Number.POSITIVE_INFINITY
    const free = (start: number) =>
      working(start).filter(
        ({ id }) => onDate(id, date).length < most && every(tables.get(id)?.busy, start, 0) && keepsGaps(id, start),
      )
    const unbooked = soonEnough.filter((start) => enough(free(start)))
    if (unbooked.length === 0) return 'full'
    const sure = (start: number) =>
      free(start).filter(({ google }) => google !== 'unknown' || world.rules.whenGoogleUnknown === 'pending')
    const known = unbooked.filter((start) => enough(sure(start)))
    if (known.length === 0) return 'google-unknown'
    return known.map((start) => ({
      start,
      end: start + query.minutes * minute,
      memberIds: inOrder(
        sure(start).map(({ id }) => id),
        start,
        date,
      ),
    }))
  }
  const inOrder = (ids: string[], start: number, date: string) => {
    const idle = (id: string) =>
      Math.max(
        0,
        ...onDate(id, date)
          .map(({ until }) => until)
          .filter((until) => until <= start),
      )
    const wanted = (id: string) => (query.memberIds.includes(id) ? 0 : 1)
    return ids.toSorted(
      (a, b) => wanted(a) - wanted(b) || onDate(a, date).length - onDate(b, date).length || idle(a) - idle(b),
    )
  }

  const result: Availability = { slots: [], days: [] }
  for (const date of datesBetween(query.from, query.until, world.zone)) {
    if (result.slots.length >= query.limit) break
    const found = reasonOf(date.toString())
    if (typeof found === 'string') result.days.push({ date: date.toString(), reason: found })
    else result.slots.push(...found.slice(0, query.limit - result.slots.length))
  }
  return result
}

const zoned = (instant: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)

/** Offsets change on the quarter hour at the finest. */
const offsets = new Map<string, number>()
const wallAt = (instant: number, zone: string) => {
  const key = `${zone} ${Math.floor(instant / (15 * minute))}`
  const offset = offsets.get(key) ?? zoned(instant, zone).offsetNanoseconds / 1e6
  if (offsets.size > 100_000) offsets.clear()
  offsets.set(key, offset)
  return new Date(instant + offset).toISOString().slice(0, 16)
}

/** A date that the zone skipped, such as 30 December 2011 in Apia, is none of them. */
const datesBetween = (from: number, until: number, zone: string) => {
  const dates: Temporal.PlainDate[] = []
  const last = zoned(until - 1, zone).toPlainDate()
  let date = zoned(from, zone).toPlainDate()
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 }))
    if (date.toZonedDateTime(zone).toPlainDate().equals(date)) dates.push(date)
  return dates
}

const wallOn = (date: Temporal.PlainDate, time: string, zone: string) => {
  const day = time === '24:00' ? date.add({ days: 1 }) : date
  return day.toZonedDateTime({ timeZone: zone, plainTime: time === '24:00' ? '00:00' : time }).epochMilliseconds
}

const openOn = ({ week, exceptions, zone }: World, date: Temporal.PlainDate) =>
  (exceptions.find((each) => each.date === date.toString())?.hours ?? week[date.dayOfWeek] ?? []).map(
    ({ from, to }) => [wallOn(date, from, zone), wallOn(date, to, zone)] as const,
  )

const offTimes = (off: TimeOff, dates: Temporal.PlainDate[], zone: string) => {
  const plain = (wall: number) =>
    Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime()
  const [start, end] = [plain(off.from), plain(off.until)]
  const length = start.until(end, { largestUnit: 'days' })
  const lastDay = off.lastDay === null ? null : plain(off.lastDay * 24 * 60 * minute).toPlainDate()
  const first = dates[0]?.subtract({ days: 30 })
  const found: [number, number][] = []
  for (
    let date = first;
    date && Temporal.PlainDate.compare(date, dates.at(-1) ?? date) <= 0;
    date = date.add({ days: 1 })
  ) {
    const days = start.toPlainDate().until(date, { largestUnit: 'days' }).days
    const happens =
      off.repeats === 'never'
        ? days === 0
        : days >= 0 &&
          (off.repeats === 'weekly' ? days % 7 === 0 : date.month === start.month && date.day === start.day) &&
          (!lastDay || Temporal.PlainDate.compare(date, lastDay) <= 0)
    if (!happens) continue
    const from = date.toPlainDateTime(start.toPlainTime())
    found.push([from.toZonedDateTime(zone).epochMilliseconds, from.add(length).toZonedDateTime(zone).epochMilliseconds])
  }
  return found
}
