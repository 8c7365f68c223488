/**
 * What a ring says: that rows of the calendar changed, which the page reads as data, or that anything may have (the status of
 * the connection, members, settings), which the server's parts of a page show too.
 */
export type ChangeKind = 'rows' | 'anything'

/** As it travels, to processes and to pages. What is not understood may be anything. */
export const parseChangeKind = (text: string): ChangeKind => (text === 'rows' ? 'rows' : 'anything')
