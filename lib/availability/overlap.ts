import type { Clash } from './clash.ts'

/** Instants, the end exclusive: spans that only touch do not overlap. */
export type Span = { start: string; end: string }

/** Something that takes the time of the listed members; an empty list means everyone. */
export type Blocker = Clash

/** Without assignees it clashes only with what blocks everyone. */
export type AssignedSpan = Span & { id: string; assigneeIds: readonly string[] }

/** The part of a Google occurrence that decides availability; all-day dates already as instants. */
export type BlockingOccurrence = Span & {
  googleEventId: string
  title: string
  guestMemberIds: readonly string[]
}

export type GoogleRule = {
  guestlessBlocks: 'everyone' | 'linked-member'
  /** The member who linked the Google account. */
  linkedBy: string | null
}

/** Of a UTC instant. `Date` parses faster than `Temporal`, and a range has thousands of them. */
export const epochMs = (instant: string) => Date.parse(instant)

/** The other way: `2026-11-23T00:00:00Z`, of whole seconds. */
export const instantOf = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

export const overlaps = (a: Span, b: Span) => epochMs(a.start) < epochMs(b.end) && epochMs(b.start) < epochMs(a.end)

/**
 * Blocks the members who are guests. Without any it blocks everyone, or the linked member if the
 * owner chose so.
 */
export const blockerOfOccurrence = (occurrence: BlockingOccurrence, rule: GoogleRule): Blocker => ({
  kind: 'google',
  id: occurrence.googleEventId,
  title: occurrence.title,
  start: occurrence.start,
  end: occurrence.end,
  memberIds: blockedMembers(occurrence.guestMemberIds, rule),
})

/** Empty means everyone. */
export const blockedMembers = (guests: readonly string[], rule: GoogleRule): string[] => {
  if (guests.length > 0) return [...guests]
  return rule.guestlessBlocks === 'linked-member' && rule.linkedBy ? [rule.linkedBy] : []
}

/** Null for an appointment without assignees, which blocks no one. */
export const blockerOfAppointment = (appointment: AssignedSpan & { title: string }): Blocker | null => {
  const { id, title, start, end, assigneeIds } = appointment
  if (assigneeIds.length === 0) return null
  return { kind: 'appointment', id, title, start, end, memberIds: [...assigneeIds] }
}

/** What `span` clashes with, by start. `memberIds` are the shared members; empty means everyone. */
export const clashesOf = (span: AssignedSpan, blockers: readonly Blocker[]): Clash[] =>
  blockers
    .filter((blocker) => concerns(blocker, span) && overlaps(blocker, span))
    .map((blocker) => ({ ...blocker, memberIds: shared(blocker, span) }))
    .sort((a, b) => epochMs(a.start) - epochMs(b.start) || a.id.localeCompare(b.id))

/** The assignees of `span` that the blocker concerns. */
export const shared = (blocker: Blocker, span: AssignedSpan) =>
  blocker.memberIds.filter((id) => span.assigneeIds.includes(id))

const concerns = (blocker: Blocker, span: AssignedSpan) =>
  !(blocker.kind === 'appointment' && blocker.id === span.id) &&
  (blocker.memberIds.length === 0 || shared(blocker, span).length > 0)
