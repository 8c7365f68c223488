import type { Slot } from '#lib/availability/world.ts'
import type { Checked } from '#lib/jobs/freshness.ts'
import { referenceOf } from '../reference.ts'
import { instantIn, sayTime } from '../say/when.ts'
import type { AppointmentAnswer, GoogleAnswer, SlotAnswer } from '../schema.ts'
import type { Desk } from './offer.ts'
import type { Stored } from './records.ts'

/**
 * What leaves the interface. Titles of Google events, notes of others and colleagues' reasons
 * never do.
 */

export const namesOf = ({ members }: Pick<Desk, 'members'>, ids: readonly string[]) =>
  ids.map((id) => ({ id, name: members.find((member) => member.id === id)?.name ?? 'A former member' }))

export const toSlot = (desk: Desk, { start, end, memberIds }: Slot, needed: number): SlotAnswer => ({
  start: instantIn(start, desk.zone),
  end: instantIn(end, desk.zone),
  members: namesOf(desk, memberIds.slice(0, needed)),
  say: sayTime(start, desk.zone),
})

export const toGoogle = ({ state, asOf }: Checked, { zone }: Desk): GoogleAnswer => ({
  state,
  asOf: asOf && instantIn(Date.parse(asOf), zone),
})

const statusOfStored = ({ status, pending }: Pick<Stored, 'status' | 'pending'>) =>
  status === 'cancelled' ? 'cancelled' : pending ? 'pending' : 'booked'

export const toAppointment = (desk: Desk, stored: Stored): AppointmentAnswer => {
  const service = desk.services.find(({ id }) => id === stored.serviceId)
  return {
    id: stored.id,
    reference: referenceOf(stored.id),
    revision: stored.revision,
    status: statusOfStored(stored),
    start: instantIn(Date.parse(stored.startsAt), desk.zone),
    end: instantIn(Date.parse(stored.endsAt), desk.zone),
    title: stored.title,
    service: service ? { id: service.id, name: service.name } : null,
    members: namesOf(desk, stored.assigneeIds),
    customer: { name: stored.customerName, phone: stored.customerPhone, email: stored.customerEmail },
    notes: stored.notes,
    location: stored.location,
    callId: stored.callId,
  }
}
