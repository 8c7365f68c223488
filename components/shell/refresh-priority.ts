import type { ChangeKind } from '#lib/live/change-kind.ts'

type Shown = {
  /** The calendar, which reads its rows by itself. */
  readsRows: boolean
  /** What the mark of the connection says. */
  syncState: string | null
}

/** When the server's parts of a page are read again after news. Rows that reach Google may end what the mark says. */
export const whenToRead = (news: ChangeKind, { readsRows, syncState }: Shown): 'soon' | 'now-and-then' => {
  const unsettled = syncState === 'catching-up' || syncState === 'delayed'
  return news === 'rows' && readsRows && !unsettled ? 'now-and-then' : 'soon'
}
