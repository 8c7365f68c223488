/**
 * `rows`: calendar rows changed, which the page refetches as data. `anything`: the sync status,
 * members or settings may have changed too, which server components show.
 */
export type ChangeKind = 'rows' | 'anything'

/** Parses the kind in a notification; unknown text counts as `anything`. */
export const parseChangeKind = (text: string): ChangeKind => (text === 'rows' ? 'rows' : 'anything')
