import type { Context } from '../../http.ts'

/**
 * The token at the end of a page: of the next page or, on the last one, for the next sync. Faults
 * make a page repeat itself, or carry both tokens.
 */
export function pageTokens(
  { fault }: Context,
  page: { more: boolean; pageToken: (at: 'next' | 'same') => string; syncToken: () => string | undefined },
): { nextPageToken?: string; nextSyncToken?: string } {
  if (fault?.kind === 'repeat-page') return { nextPageToken: page.pageToken('same') }
  const both = fault?.kind === 'both-tokens'
  const nextSyncToken = !page.more || both ? page.syncToken() : undefined
  return {
    ...((page.more || both) && { nextPageToken: page.pageToken('next') }),
    ...(nextSyncToken && { nextSyncToken }),
  }
}
