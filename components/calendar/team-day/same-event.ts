import type { PlacedEvent } from './column-layout.ts'
import { rowOf } from './team-columns.ts'

/**
 * Whether two placed events look the same. After a change of the order, React Query makes new
 * objects of rows that did not change, so rows are compared by content.
 */
export const isSameEvent = (a: PlacedEvent, b: PlacedEvent): boolean => {
  const { event: eventA, ...placeA } = a
  const { event: eventB, ...placeB } = b
  return isSamePlace(placeA, placeB) && isSameRow(rowOf(eventA), rowOf(eventB))
}

const isSamePlace = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
  Object.keys(a).every((key) => a[key] === b[key])

const isSameRow = (a: object, b: object) => a === b || JSON.stringify(a) === JSON.stringify(b)
