type Times = { start: number; end: number }

/** The slots closest to `start` that do not overlap each other, of two the earlier; by start. */
export const nearestApart = <T extends Times>(slots: readonly T[], start: number, count: number): T[] => {
  const distance = (slot: T) => Math.abs(slot.start - start)
  const chosen: T[] = []
  for (const slot of slots.toSorted((a, b) => distance(a) - distance(b) || a.start - b.start)) {
    if (chosen.length >= count) break
    if (chosen.every((other) => slot.end <= other.start || slot.start >= other.end)) chosen.push(slot)
  }
  return chosen.toSorted((a, b) => a.start - b.start)
}
