import type { ChangeKind } from '#lib/live/change-kind.ts'

type Page = {
  /** The calendar page refetches its rows itself. */
  onCalendar: boolean
  /** The sync status on the page. */
  syncState: string | null
}

/**
 * How soon a page refreshes its server components after a change. Changed rows may end the
 * statuses `catching-up` and `delayed`, so those refresh soon.
 */
export const refreshPriority = (kind: ChangeKind, { onCalendar, syncState }: Page): 'soon' | 'later' => {
  const isWaiting = syncState === 'catching-up' || syncState === 'delayed'
  return kind === 'rows' && onCalendar && !isWaiting ? 'later' : 'soon'
}
