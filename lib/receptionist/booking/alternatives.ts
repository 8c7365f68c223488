import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { withNewBudget } from '#lib/appointments/world.ts'
import { availability } from '#lib/availability/availability.ts'
import { nearestApart } from '#lib/availability/nearest.ts'
import type { Slot } from '#lib/availability/world.ts'
import type { SlotAnswer } from '../schema.ts'
import { narrowed, neededOf } from './decide-time.ts'
import type { Desk } from './offer.ts'
import { type Asking, type Place, readWorldOf } from './place.ts'
import { toSlot } from './present.ts'

const dayMs = 24 * 60 * 60 * 1000
/** Days around the wanted time, until three are found. */
const reaches = [2, 7, 28]

/** Up to three times that can be booked, nearest to the wanted one and not over each other. */
export const nearestSlots = async (tx: Tx, asking: Asking, { place, desk }: { place: Place; desk: Desk }) => {
  let found: Slot[] = []
  for (const days of reaches) {
    const now = Date.parse(asking.now)
    const from = Math.max(startOfDay(place.start, desk.zone) - days * dayMs, startOfDay(now, desk.zone))
    const until = Math.max(place.start, now) + days * dayMs
    const { wanted, exceptId, exceptHold } = place
    const world = await readWorldOf(tx, asking, { from, until, exceptHold, reading: withNewBudget(desk.reading) })
    const { service, minutes, memberIds } = wanted
    const query = { from, until, service, minutes, memberIds, exceptId, limit: Number.POSITIVE_INFINITY }
    const { slots } = availability(narrowed(world, wanted), query)
    found = nearestApart(slots, place.start, 3)
    if (found.length >= 3) break
  }
  return found.map((slot): SlotAnswer => toSlot(desk, slot, neededOf(place.wanted)))
}

const startOfDay = (ms: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).startOfDay().epochMilliseconds
