import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readService } from '#db/queries/services.ts'
import { availability } from '#lib/availability/availability.ts'
import { windowsAhead } from '#lib/availability/find-a-time.ts'
import type { Interval } from '#lib/availability/intervals.ts'
import { epochMs, instantOf, type Span } from '#lib/availability/overlap.ts'
import { minuteMs, type ServiceRules, type Slot, type WorkingMember, type World } from '#lib/availability/world.ts'
import { type Reading, readWorld, startReading } from '../world.ts'

export type TimesSearch = {
  businessId: BusinessId
  minutes: number
  serviceId?: string | null
  /** All must be free. None: who can do the service, or only what blocks everyone counts. */
  assigneeIds: readonly string[]
  /** The appointment being moved, which does not block itself; null for a new one. */
  exceptId: string | null
  /** Earlier times are not proposed. */
  now: string
  /** The gap to keep to everything, at least. */
  bufferMinutes?: number
  from: string
  days: number
  count: number
}

/** `assigneeIds`: who would do it; those who were asked for, or else those who can. */
export type ProposedTime = Span & { assigneeIds: string[] }

/**
 * **Find a time**: the next `count` slots after `from`, within `days`, that do not overlap each
 * other. Throws if there is too much to read: call it in `orTooMany`.
 */
export const proposeTimes = (db: Db, search: TimesSearch): Promise<ProposedTime[]> =>
  db.transaction(async (tx) => {
    const { businessId, serviceId, from, now, days, minutes, count } = search
    const [reading, service] = await Promise.all([
      startReading(tx, businessId),
      serviceId ? readService(tx, { businessId, id: serviceId }) : null,
    ])
    const found: Slot[] = []
    for (const starts of windowsAhead({ from: Math.max(epochMs(from), epochMs(now)), days, minutes })) {
      addApart(found, await slotsIn(tx, { search, reading, service, starts }), count)
      if (found.length >= count) break
    }
    const needed = Math.max(service?.people ?? 1, search.assigneeIds.length)
    return found.map(({ start, end, memberIds }) => ({
      start: instantOf(start),
      end: instantOf(end),
      assigneeIds: memberIds.filter((id) => id !== anyone.id).slice(0, needed),
    }))
  })

type InWindow = { search: TimesSearch; reading: Reading; service: ServiceRules | null; starts: Interval }

/** The slots that begin in the window; enough of them, as those that overlap are left out. */
const slotsIn = async (tx: Tx, { search, reading, service, starts }: InWindow): Promise<Slot[]> => {
  const { businessId, minutes, assigneeIds, exceptId, now, bufferMinutes = 0, count } = search
  const buffer = bufferMinutes * minuteMs
  const end = starts.until - 1 + minutes * minuteMs
  const span = { start: instantOf(starts.from - buffer), end: instantOf(end + buffer) }
  // Without assignees, those who can do the service are asked; without a service, none.
  const memberIds = assigneeIds.length > 0 || !service ? assigneeIds : undefined
  const world = await readWorld(tx, { businessId, span, now, memberIds, reading })
  const wanted = world.members.filter(({ id }) => assigneeIds.includes(id))
  const members = wanted.length > 0 ? wanted : service ? world.members : [anyone]
  const { slots } = availability(forPeople({ ...world, members }, buffer), {
    ...starts,
    service: service && { ...service, ...withBuffer(service, bufferMinutes), people: neededOf(service, wanted) },
    ...(!service && bufferMinutes > 0 && { service: bufferOnly(bufferMinutes) }),
    minutes,
    memberIds: wanted.map(({ id }) => id),
    // One slot overlaps those of the next steps; one more, as the last time of before may overlap.
    limit: (count + 1) * Math.ceil(minutes / world.rules.stepMinutes),
    exceptId: exceptId ?? undefined,
  })
  return slots
}

/** Those who were asked for do it; a service for two does not need a third. */
const neededOf = ({ people }: ServiceRules, wanted: readonly WorkingMember[]) => (wanted.length > 0 ? 1 : people)

/** Only blocked by what blocks everyone. */
const anyone: WorkingMember = { id: '', hours: null, timeOff: [], google: 'unlinked' }

/**
 * Notice, horizon and the number of a day bind Sophiie; a person who looks for a time has decided
 * how soon. The buffer also counts towards Google events.
 */
const forPeople = (world: World, buffer: number): World => ({
  ...world,
  rules: { ...world.rules, ...peopleRules },
  occurrences: world.occurrences.map((each) => ({ ...each, from: each.from - buffer, until: each.until + buffer })),
})

const peopleRules = { noticeMinutes: 0, horizonDays: 1_000_000, sameDayCutOff: null, mostPerDay: null } as const

const withBuffer = ({ gapBefore, gapAfter }: ServiceRules, minutes: number) => ({
  gapBefore: Math.max(gapBefore, minutes),
  gapAfter: Math.max(gapAfter, minutes),
  ...{ noticeMinutes: null, horizonDays: null },
})

const bufferOnly = (minutes: number): ServiceRules => ({
  ...{ id: '', gapBefore: minutes, gapAfter: minutes, memberIds: null, people: 1 },
  ...{ noticeMinutes: null, horizonDays: null },
})

const addApart = (found: Slot[], slots: readonly Slot[], count: number) => {
  for (const slot of slots) {
    if (found.length >= count) return
    if (slot.start >= (found.at(-1)?.end ?? slot.start)) found.push(slot)
  }
}
