// @ts-check

/**
 * @typedef {{ from: number, to: number }} Span
 * @typedef {{ column: number, columns: number, width: number }} Place `width` in columns
 */

/**
 * Places overlapping spans side by side: each takes the first free column, and spans of a connected
 * group have the same number of columns.
 * @template {Span} T
 * @param {T[]} spans
 * @returns {Map<T, Place>}
 */
export function columnsOf(spans) {
  const sorted = [...spans].sort((one, other) => one.from - other.from || other.to - one.to)
  /** @type {Map<T, Place>} */
  const places = new Map()
  /** @type {T[]} */
  let group = []
  /** @type {number[]} */
  let ends = []
  const close = () => {
    for (const span of group) {
      const column = places.get(span)?.column ?? 0
      const rights = group.filter((other) => touches(span, other)).map((other) => places.get(other)?.column ?? 0)
      const next = Math.min(ends.length, ...rights.filter((right) => right > column))
      places.set(span, { column, columns: ends.length, width: next - column })
    }
    group = []
    ends = []
  }
  for (const span of sorted) {
    if (ends.every((end) => end <= span.from)) close()
    const free = ends.findIndex((end) => end <= span.from)
    const column = free < 0 ? ends.length : free
    ends[column] = span.to
    places.set(span, { column, columns: 0, width: 1 })
    group.push(span)
  }
  close()
  return places
}

/** @param {Span} one @param {Span} other */
function touches(one, other) {
  return one.from < other.to && other.from < one.to
}

/** @param {number} minute @param {number} step */
export function snap(minute, step) {
  return Math.round(minute / step) * step
}

/**
 * Adds days and minutes to `2026-11-23` or `2026-11-23T09:00`, regardless of time zones.
 * @param {string} wall @param {{ days?: number, minutes?: number }} by
 */
export function shifted(wall, { days = 0, minutes = 0 }) {
  const timed = wall.includes('T')
  const at = Date.parse(timed ? `${wall}Z` : `${wall}T00:00Z`) + days * 86_400_000 + minutes * 60_000
  return new Date(at).toISOString().slice(0, timed ? 16 : 10)
}

/** @param {number} minute minute of the day, up to 1440 */
export function clock(minute) {
  const hour = Math.floor(minute / 60) % 24
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute % 60).padStart(2, '0')} ${hour < 12 ? 'am' : 'pm'}`
}
