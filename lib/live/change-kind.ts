/**
 * `rows`: calendar rows changed, which the page refetches as data. `anything`: the sync status,
 * members or settings may have changed too, which server components show.
 */
export type ChangeKind = 'rows' | 'anything'

/** `access`: sessions ended. Streams check their own; pages get no event. */
export type PublishedKind = ChangeKind | 'access'

/** Parses the kind in a notification; unknown text counts as `anything`. */
export const parsePublishedKind = (text: string): PublishedKind =>
  text === 'rows' || text === 'access' ? text : 'anything'

/** Parses the kind in an event of a stream; unknown text counts as `anything`. */
export const parseChangeKind = (text: string): ChangeKind => (text === 'rows' ? 'rows' : 'anything')
