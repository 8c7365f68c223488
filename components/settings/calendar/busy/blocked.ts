import type { BusyCalendar } from '#lib/connection/schema.ts'

/** Whom a calendar of the business blocks, as ticked in the form. */
export type Blocked = 'no one' | 'everyone' | ReadonlySet<string>

export const blockedBy = (saved: BusyCalendar | null): Blocked => {
  if (!saved) return 'no one'
  return saved.blocksMemberIds === null ? 'everyone' : new Set(saved.blocksMemberIds)
}

export const toggleEveryone = (blocked: Blocked): Blocked => (blocked === 'everyone' ? 'no one' : 'everyone')

/** Ticking a member replaces everyone; unticking the last one leaves no one. */
export const toggleMember = (blocked: Blocked, memberId: string): Blocked => {
  const members = new Set(typeof blocked === 'string' ? [] : blocked)
  if (!members.delete(memberId)) members.add(memberId)
  return members.size === 0 ? 'no one' : members
}

/** As the server takes it; null = it does not block. */
export const wishOf = (blocked: Blocked): { blocksMemberIds: string[] | null } | null => {
  if (blocked === 'no one') return null
  return { blocksMemberIds: blocked === 'everyone' ? null : [...blocked] }
}
