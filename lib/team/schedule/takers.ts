import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { readServices } from '#db/queries/services.ts'
import { readWorld } from '#lib/appointments/world.ts'
import { explain } from '#lib/availability/explain.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { ServiceRules, World } from '#lib/availability/world.ts'

type Search = { affected: readonly AppointmentRow[]; memberId: string; now: string }

/** Who could take an appointment: qualified, working, free, also of what was just reassigned. */
export const searchFor = async (tx: Tx, businessId: BusinessId, { affected, memberId, now }: Search) => {
  const [first] = affected.map(({ startsAt }) => startsAt).sort()
  const last = affected
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1)
  const span = { start: first ?? now, end: last ?? now }
  let world: World | null = first ? await readWorld(tx, { businessId, span, now }) : null
  const services = new Map((await readServices(tx, { businessId, deleted: true })).map((each) => [each.id, each]))
  const isFree = (row: AppointmentRow, taker: string) => {
    if (!world) return false
    const start = epochMs(row.startsAt)
    const service: ServiceRules | undefined = services.get(row.serviceId ?? '')
    const asked = { memberId: taker, start, minutes: (epochMs(row.endsAt) - start) / 60_000, exceptId: row.id }
    const own = service ? { ...service, gapBefore: row.gapBefore, gapAfter: row.gapAfter } : null
    return explain(world, { ...asked, service: own }).every(({ code }) => !blocking.has(code))
  }
  return {
    takersOf: (row: AppointmentRow, team: { id: string; name: string; active: boolean }[]) =>
      team
        .filter(({ id, active }) => active && id !== memberId && !row.assigneeIds.includes(id) && isFree(row, id))
        .map(({ id, name }) => ({ id, name })),
    take: (row: AppointmentRow, taker: string) => {
      if (!world) return
      const booked = world.booked.map((each) =>
        each.id === row.id ? { ...each, memberIds: [...each.memberIds.filter((id) => id !== memberId), taker] } : each,
      )
      world = { ...world, booked }
    },
  }
}

/** Notice and horizon concern new bookings. */
const blocking = new Set(['no-staff-qualified', 'no-staff-working', 'full', 'google-unknown'])
