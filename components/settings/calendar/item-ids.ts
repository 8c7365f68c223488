import type { Whose } from '#lib/google/scopes.ts'

/** The ids of the lists that the counts link to; a page has those of two accounts. */
export const itemIds = (whose: Whose) =>
  whose === 'business'
    ? { waiting: 'waiting', attention: 'attention' }
    : { waiting: 'my-waiting', attention: 'my-attention' }
