const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `just now`, `4 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. Takes epoch milliseconds. */
export const relativeTime = (then: number, now: number): string => {
  const past = Math.max(0, now - then)
  if (past < 2000) return 'just now'
  if (past < minute) return `${Math.floor(past / 1000)} s ago`
  if (past < hour) return `${Math.floor(past / minute)} min ago`
  if (past < day) return `${Math.floor(past / hour)} h ago`
  const days = Math.floor(past / day)
  return days === 1 ? 'yesterday' : `${days} days ago`
}

/** Milliseconds until the result of `relativeTime` changes. */
export const nextChange = (then: number, now: number): number => {
  const past = Math.max(0, now - then)
  if (past < minute) return 1000
  return past < hour ? minute - (past % minute) : hour - (past % hour)
}
