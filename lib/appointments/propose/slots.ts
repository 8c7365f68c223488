import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { readService } from '#db/queries/services.ts'
import { availability } from '#lib/availability/availability.ts'
import type { Interval } from '#lib/availability/intervals.ts'
import { epochMs, instantOf, type Span } from '#lib/availability/overlap.ts'
import { minuteMs, type ServiceRules, type Slot, type WorkingMember, type World } from '#lib/availability/world.ts'
import { type Reading, readWorld, startReading } from '../world.ts'

/** What people look for, whichever way the times are chosen. */
export type SlotSearch = {
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
  /** Times that are about to be taken, by appointments with the same service. */
  beingTaken?: readonly (Span & { memberIds: readonly string[] })[]
}

/** `assigneeIds`: who would do it; those who were asked for, or else those who can. */
export type ProposedTime = Span & { assigneeIds: string[] }

export type Started = { search: SlotSearch; reading: Reading; service: ServiceRules | null }

export const startSearch = async (tx: Tx, search: SlotSearch): Promise<Started> => {
  const { businessId, serviceId, exceptId } = search
  const [reading, service, moved] = await Promise.all([
    startReading(tx, businessId),
    serviceId ? readService(tx, { businessId, id: serviceId }) : null,
    serviceId && exceptId ? readAppointment(tx, { businessId, id: exceptId }) : null,
  ])
  // An appointment keeps the gaps that its service had when it was chosen.
  const kept = service && moved?.serviceId === service.id && { gapBefore: moved.gapBefore, gapAfter: moved.gapAfter }
  return { search, reading, service: service && { ...service, ...kept } }
}

/** The slots that begin in the window, at most `limit`. */
export const slotsIn = async (tx: Tx, started: Started, starts: Interval, limit: number): Promise<Slot[]> => {
  const { search, reading, service } = started
  const { businessId, minutes, assigneeIds, exceptId, now, bufferMinutes = 0 } = search
  const buffer = bufferMinutes * minuteMs
  const end = starts.until - 1 + minutes * minuteMs
  const span = { start: instantOf(starts.from - buffer), end: instantOf(end + buffer) }
  // Without assignees, those who can do the service are asked; without a service, none.
  const memberIds = assigneeIds.length > 0 || !service ? assigneeIds : undefined
  const world = await readWorld(tx, { businessId, span, now, memberIds, reading })
  // A former member keeps the appointments that they have.
  const wanted = assigneeIds.map((id) => world.members.find((each) => each.id === id) ?? { ...anyone, id })
  const members = wanted.length > 0 ? wanted : service ? world.members : [anyone]
  const booked = [...world.booked, ...beingTaken(started)]
  const { slots } = availability(forPeople({ ...world, booked, members }, buffer), {
    ...starts,
    service: service && { ...service, ...withBuffer(service, bufferMinutes), people: neededOf(service, wanted) },
    ...(!service && bufferMinutes > 0 && { service: bufferOnly(bufferMinutes) }),
    minutes,
    memberIds: wanted.map(({ id }) => id),
    limit,
    exceptId: exceptId ?? undefined,
  })
  return slots
}

const beingTaken = ({ search, service }: Started): World['booked'][number][] =>
  (search.beingTaken ?? []).map(({ start, end, memberIds }) => ({
    ...{ id: '', kind: 'appointment', from: epochMs(start), until: epochMs(end), memberIds: [...memberIds] },
    ...{ gapBefore: service?.gapBefore ?? 0, gapAfter: service?.gapAfter ?? 0 },
  }))

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

export const toProposed = ({ search, service }: Started, { start, end, memberIds }: Slot): ProposedTime => ({
  start: instantOf(start),
  end: instantOf(end),
  assigneeIds: memberIds
    .filter((id) => id !== anyone.id)
    .slice(0, Math.max(service?.people ?? 1, search.assigneeIds.length)),
})
