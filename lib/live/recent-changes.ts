import type { ChangeKind } from './change-kind.ts'

/** A page that opens its stream later than this after it was rendered is refreshed in any case. */
const keptMs = 60_000

/** The process that renders a page and the one that streams may differ by this much. */
const clockSkewMs = 1000

/**
 * The changes of the last minute, of all businesses: a page may be rendered before a change and
 * open its stream after it.
 */
export const recentChanges = (now: () => number = Date.now) => {
  /** Epoch milliseconds by kind; the business that changed last is at the end. */
  const last = new Map<string, Partial<Record<ChangeKind, number>>>()
  let since = now()
  return {
    add: (businessId: string, kind: ChangeKind) => {
      const at = now()
      const before = last.get(businessId)
      last.delete(businessId)
      last.set(businessId, { ...before, [kind]: at })
      for (const [id, { anything = 0, rows = 0 }] of last) {
        if (Math.max(anything, rows) > at - keptMs) break
        last.delete(id)
      }
    },
    /** Changes may have been lost until now. */
    forget: () => {
      last.clear()
      since = now()
    },
    /** What changed after `renderedAt`, epoch milliseconds. */
    missed: (businessId: string, renderedAt: number): ChangeKind | null => {
      const from = renderedAt - clockSkewMs
      if (from < since || from < now() - keptMs) return 'anything'
      const { anything = 0, rows = 0 } = last.get(businessId) ?? {}
      if (anything >= from) return 'anything'
      return rows >= from ? 'rows' : null
    },
  }
}
