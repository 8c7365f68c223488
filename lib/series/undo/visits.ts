import type { VisitRow } from '#db/queries/series/visits.ts'
import type { RestoredSeries } from './image.ts'

/** Rows of visits to take away and to put back. What a person changed since goes along. */
export const restoredVisits = (restored: RestoredSeries): { removed: VisitRow[]; inserted: VisitRow[] } => {
  const { image, current, added } = restored
  const old = image.series.find(({ before }) => before !== null)
  // All rows go with the series, and the appointment is single again.
  if (!old) return { removed: [], inserted: [] }
  const find = (row: VisitRow | null) =>
    row && current.find((each) => each.seriesId === row.seriesId && each.originalStart === row.originalStart)
  const removed: VisitRow[] = []
  const inserted: VisitRow[] = []
  for (const { before, after } of image.visits) {
    const now = find(after) ?? null
    if (now) removed.push(now)
    const isChanged = now !== null && (now.appointmentId !== after?.appointmentId || now.state !== after?.state)
    if (before) inserted.push(isChanged ? { ...now, ...keyOf(before) } : stateAfter(before, restored))
    else if (now) inserted.push(...leftOver(now, restored))
  }
  for (const visit of added) {
    removed.push(visit)
    inserted.push(...leftOver(visit, restored))
  }
  for (const visit of current) {
    const after = removed.includes(visit) ? visit : stateAfter(visit, restored)
    if (after === visit) continue
    removed.push(visit)
    inserted.push(after)
  }
  // A row that the operation left as it was goes back with the others to its series.
  const others = current.filter((each) => each.seriesId !== old.id && !removed.includes(each))
  removed.push(...others)
  inserted.push(...others)
  const unique = new Map<string, VisitRow>()
  for (const visit of inserted)
    if (!unique.has(visit.originalStart)) unique.set(visit.originalStart, { ...visit, seriesId: old.id })
  const stays = new Set(
    current.filter((each) => each.seriesId === old.id && !removed.includes(each)).map((each) => each.originalStart),
  )
  return { removed, inserted: [...unique.values()].filter(({ originalStart }) => !stays.has(originalStart)) }
}

const keyOf = ({ seriesId, originalStart }: VisitRow) => ({ seriesId, originalStart })

/** An appointment that stays cancelled because its former time is taken. */
const stateAfter = (before: VisitRow, { taken, rows }: RestoredSeries): VisitRow => {
  const { appointmentId } = before
  const isLost = appointmentId !== null && taken.has(appointmentId) && rows.get(appointmentId)?.status === 'cancelled'
  return isLost ? { ...before, state: 'needs-time', appointmentId: null, reason: 'clash' } : before
}

/** A visit that the operation made: it is cancelled now, or was changed since and stays a visit. */
const leftOver = (visit: VisitRow, { free }: RestoredSeries): VisitRow[] => {
  const isCancelled = free.some(({ after }) => after.id === visit.appointmentId)
  return visit.state === 'booked' && !isCancelled ? [visit] : []
}
