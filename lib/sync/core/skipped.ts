/** Google events that were not stored, or only in part: counted, and named to the owner. */

/** `id` is empty where Google sent none that can be used. `reason` is a stable code. */
export type SkippedEvent = { id: string; reason: string }

export type Skipped = { count: number; events: SkippedEvent[] }

/** As many are named as a person can look up; the count has no end. */
const mostNamed = 20

/** After a page: an event that arrives again is no longer skipped, unless it is again. */
export const skippedAfter = (before: Skipped, page: { ids: ReadonlySet<string>; skipped: SkippedEvent[] }): Skipped => {
  const events = before.events.filter(({ id }) => !page.ids.has(id))
  return {
    count: before.count - (before.events.length - events.length) + page.skipped.length,
    events: [...events, ...page.skipped].slice(0, mostNamed),
  }
}

/** JSON of an unknown shape reads as an empty list. */
export const skippedFromJson = (json: unknown): SkippedEvent[] => (Array.isArray(json) ? json.filter(isSkipped) : [])

const isSkipped = (json: unknown): json is SkippedEvent =>
  typeof json === 'object' &&
  json !== null &&
  typeof (json as SkippedEvent).id === 'string' &&
  typeof (json as SkippedEvent).reason === 'string'
