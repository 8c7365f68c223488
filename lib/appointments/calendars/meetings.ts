import type { CalendarFacts, OccurrenceRow } from '#db/queries/occurrences.ts'
import { blockedMembers, type GoogleRule } from '#lib/availability/overlap.ts'
import { parseInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'

/** Google occurrences of a business and of its members, each meeting once. */

/** An occurrence in a busy calendar, and whose that is. */
export type BusyOccurrence = OccurrenceRow & { id: string; memberId: string; memberName: string }

/** An occurrence in a further calendar of the business; its guests are those whom it blocks. */
export type SharedOccurrence = OccurrenceRow & { id: string }

export type CalendarRows = {
  /**
   * In calendars of the business. `busyMemberIds`: it blocks them in calendars of their own too.
   */
  own: (OccurrenceRow & { busyMemberIds: string[] })[]
  /** In busy calendars only. */
  busy: BusyOccurrence[]
}

/**
 * A meeting that is in the business's calendar and in busy calendars is that of the business; one
 * in several calendars of a member is one. Without the same times it is not the same yet: one of
 * the calendars is about to be read.
 */
export const joinMeetings = (
  own: readonly OccurrenceRow[],
  busy: readonly BusyOccurrence[],
  shared: readonly SharedOccurrence[] = [],
): CalendarRows => {
  const byMeeting = Map.groupBy(busy, meetingOf)
  const times = new Set(busy.map(({ start }) => start))
  const joined = ofBusiness(own, shared).map((row) => {
    // The key of each would cost more than reading it.
    const meeting = times.has(row.start) ? meetingOf(row) : ''
    const same = byMeeting.get(meeting) ?? []
    byMeeting.delete(meeting)
    const busyMemberIds = [...new Set([...(row.alsoBlocks ?? []), ...same.map(({ memberId }) => memberId)])]
    return { ...row, ...(row.sharedId && { instanceId: row.sharedId }), busyMemberIds }
  })
  const left = [...byMeeting.values()].flatMap((rows) => [...new Map(rows.map((row) => [row.memberId, row])).values()])
  return { own: joined, busy: left.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)) }
}

/** `sharedId`: instead of Google's id, which is the same in each of the calendars. */
type OfBusiness = OccurrenceRow & { sharedId?: string; alsoBlocks?: string[] }

/** Each meeting once, as it is in the first of the calendars; it blocks whom any of them blocks. */
const ofBusiness = (own: readonly OccurrenceRow[], shared: readonly SharedOccurrence[]): readonly OfBusiness[] => {
  if (shared.length === 0) return own
  const rows: OfBusiness[] = own.map((row) => ({ ...row }))
  const starts = new Set(shared.map(({ start }) => start))
  const byMeeting = new Map(rows.flatMap((row) => (starts.has(row.start) ? [[meetingOf(row), row] as const] : [])))
  for (const { id, ...row } of shared) {
    const same = byMeeting.get(meetingOf(row))
    if (same && row.blocks) Object.assign(same, blockedBy(same, row))
    if (same) continue
    const added = { ...row, sharedId: id }
    byMeeting.set(meetingOf(row), added)
    rows.push(added)
  }
  return rows.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

const blockedBy = (row: OfBusiness, { guestMemberIds: ids, blocksWhy }: OccurrenceRow): Partial<OfBusiness> =>
  ids.length > 0
    ? { alsoBlocks: [...(row.alsoBlocks ?? []), ...ids] }
    : { blocks: true, blocksWhy: row.blocks ? row.blocksWhy : blocksWhy, guestMemberIds: [] }

/** All instances of a series have the same UID. */
const meetingOf = ({ icalUid, instanceId, start, end }: OccurrenceRow): string => {
  const uid = icalUid || `${seriesIdOf(instanceId)}@google.com`
  return [uid, parseInstanceId(instanceId)?.originalStart ?? '', start, end].join(' ')
}

export const googleRuleOf = ({ guestlessBlocks, calendar }: CalendarFacts): GoogleRule => ({
  guestlessBlocks,
  linkedBy: calendar?.linkedBy ?? null,
})

/** Null if it blocks no one; empty means everyone. */
export const membersBlockedBy = (
  { blocks, guestMemberIds, busyMemberIds }: CalendarRows['own'][number],
  rule: GoogleRule,
): string[] | null => {
  if (!blocks) return busyMemberIds.length > 0 ? busyMemberIds : null
  const members = blockedMembers(guestMemberIds, rule)
  return members.length === 0 ? [] : [...new Set([...members, ...busyMemberIds])]
}
