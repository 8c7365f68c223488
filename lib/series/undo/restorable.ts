import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import { checkDates } from '../check-dates.ts'
import { readDatesWorld } from '../read-world.ts'
import type { OperationImage, UndoRequest } from './image.ts'

type Wanted = OperationImage['appointments'][number]

/**
 * Which appointments can have their former time back. One that cannot keeps the time that it has,
 * which may in turn be the former time of another.
 */
export const restorable = async (
  tx: Tx,
  request: UndoRequest,
  { wanted, rows }: { wanted: readonly Wanted[]; rows: ReadonlyMap<string, AppointmentRow> },
): Promise<{ free: Wanted[]; taken: Set<string> }> => {
  const back = wanted.flatMap(({ id, before }) => (before && takesTime(before, rows.get(id)) ? [before] : []))
  const taken = new Set<string>()
  if (back.length === 0) return { free: [...wanted], taken }
  const { world } = await readDatesWorld(tx, {
    ...{ businessId: request.businessId, viewer: request.member, now: request.now, googleUnchecked: false },
    memberIds: [...new Set(back.flatMap(({ assigneeIds }) => assigneeIds))].sort(),
    dates: back.map(({ startsAt: start, endsAt: end }) => ({ start, end })),
  })
  for (let before = -1; before !== taken.size; ) {
    before = taken.size
    const except = new Set(wanted.map(({ id }) => id).filter((id) => !taken.has(id)))
    for (const row of back) if (!taken.has(row.id) && isTaken(world, row, except)) taken.add(row.id)
  }
  // An overlap that a person wanted may come back.
  return { free: wanted.filter(({ id }) => !taken.has(id)), taken }
}

const takesTime = (before: AppointmentRow, now: AppointmentRow | undefined) =>
  before.status === 'booked' &&
  before.overlapAllowed === null &&
  (now?.status !== 'booked' ||
    now.startsAt !== before.startsAt ||
    now.endsAt !== before.endsAt ||
    now.assigneeIds.join() !== before.assigneeIds.join())

const isTaken = (world: Parameters<typeof checkDates>[0], row: AppointmentRow, except: ReadonlySet<string>) => {
  const wanted = { key: row.id, from: epochMs(row.startsAt), until: epochMs(row.endsAt) }
  const rules = { memberIds: row.assigneeIds, gapBefore: row.gapBefore, gapAfter: row.gapAfter, except }
  const [found] = checkDates(world, [wanted], rules)
  return found?.state === 'clash'
}
