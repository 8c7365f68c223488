import type { MirroredItem } from './mirror.ts'

/**
 * What is stored of an event in a member's calendar: when they are busy. Of a busy calendar nothing
 * else is requested; in one with appointments ours are read in full, and so are all others.
 */
export const withoutContent = (event: MirroredItem): MirroredItem => ({
  ...event,
  ...{ title: '', location: '', description: '', isPrivate: false, eventType: 'default' },
  ...{ guestEmails: [], selfEmail: null, isDeclinedByAll: false },
  blocksWhy: event.blocks ? 'busy' : 'free',
})
