/** Half-open intervals of epoch milliseconds. */
export type Interval = { from: number; until: number }

/** Ascending, disjoint and without empty ones; intervals that touch become one. */
export const merged = (intervals: readonly Interval[]): Interval[] => {
  const result: Interval[] = []
  for (const { from, until } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (from >= until) continue
    const last = result.at(-1)
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else result.push({ from, until })
  }
  return result
}

/** Of two merged lists. */
export const intersection = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const result: Interval[] = []
  let [i, j] = [0, 0]
  for (let [x, y] = [a[i], b[j]]; x && y; x = a[i], y = b[j]) {
    const both = { from: Math.max(x.from, y.from), until: Math.min(x.until, y.until) }
    if (both.from < both.until) result.push(both)
    if (x.until < y.until) i++
    else j++
  }
  return result
}

/** Of two merged lists. */
export const difference = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const result: Interval[] = []
  let first = 0
  for (const { from, until } of a) {
    while ((b[first]?.until ?? Number.POSITIVE_INFINITY) <= from) first++
    let rest = from
    for (let j = first; (b[j]?.from ?? Number.POSITIVE_INFINITY) < until; j++) {
      const { from: start = rest, until: end = rest } = b[j] ?? {}
      if (start > rest) result.push({ from: rest, until: start })
      rest = Math.max(rest, end)
    }
    if (rest < until) result.push({ from: rest, until })
  }
  return result
}

/** The first of an ascending, disjoint list that ends after the instant. */
export const firstEndingAfter = <T extends Interval>(intervals: readonly T[], instant: number): T | undefined => {
  let [low, high] = [0, intervals.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle]?.until ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  return intervals[low]
}

/** Whether a merged list contains the instant. */
export const contains = (intervals: readonly Interval[], instant: number): boolean =>
  (firstEndingAfter(intervals, instant)?.from ?? Number.POSITIVE_INFINITY) <= instant

export const overlap = (a: Interval, b: Interval) => a.from < b.until && b.from < a.until
