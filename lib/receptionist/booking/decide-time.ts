import { availability } from '#lib/availability/availability.ts'
import type { Reason, World } from '#lib/availability/world.ts'
import type { Wanted } from './wanted.ts'

export type Decision =
  | {
      ok: true
      memberIds: string[]
      /** A person has to confirm it. */
      pending: boolean
    }
  | { ok: false; reason: Reason }

type Asked = Wanted & { start: number /** The appointment being moved. */; exceptId?: string }

/**
 * Whether a time can be booked, and by whom. The slots that are offered come from the same
 * function, so that what is offered can be booked; their step does not bind.
 */
export const decideTime = (world: World, asked: Asked): Decision => {
  const { start, minutes, service, memberIds, exceptId } = asked
  const query = { from: start, until: start + 1, service, minutes, memberIds, limit: 1, exceptId }
  const { slots, days } = availability({ ...narrowed(world, asked), rules: { ...world.rules, stepMinutes: 1 } }, query)
  const [slot] = slots
  if (!slot) return { ok: false, reason: days[0]?.reason ?? 'closed' }
  const chosen = slot.memberIds.slice(0, neededOf(asked))
  const isUnknown = world.members.some(({ id, google }) => chosen.includes(id) && google === 'unknown')
  return { ok: true, memberIds: chosen.toSorted(), pending: isUnknown || service?.outcome === 'pending' }
}

export const neededOf = ({ service, memberIds }: Wanted) => Math.max(service?.people ?? 1, memberIds.length, 1)

/** Only those who may take it. */
export const narrowed = (world: World, { candidateIds }: Wanted): World => ({
  ...world,
  members: world.members.filter(({ id }) => candidateIds.includes(id)),
})
