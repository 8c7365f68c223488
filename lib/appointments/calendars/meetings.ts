import type { OccurrenceRow } from '#db/queries/occurrences.ts'
import { blockedMembers, type GoogleRule } from '#lib/availability/overlap.ts'
import { parseInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'

/** Google occurrences of a business and of its members, each meeting once. */

/** An occurrence in a busy calendar, and whose that is. */
export type BusyOccurrence = OccurrenceRow & { id: string; memberId: string; memberName: string }

export type CalendarRows = {
  /**
   * In the business's calendar. `busyMemberIds`: it blocks them in calendars of their own as well.
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
export const joinMeetings = (own: readonly OccurrenceRow[], busy: readonly BusyOccurrence[]): CalendarRows => {
  const byMeeting = Map.groupBy(busy, meetingOf)
  const times = new Set(busy.map(({ start }) => start))
  const joined = own.map((row) => {
    // The key of each would cost more than reading it.
    const meeting = times.has(row.start) ? meetingOf(row) : ''
    const same = byMeeting.get(meeting) ?? []
    byMeeting.delete(meeting)
    return { ...row, busyMemberIds: [...new Set(same.map(({ memberId }) => memberId))] }
  })
  const left = [...byMeeting.values()].flatMap((rows) => [...new Map(rows.map((row) => [row.memberId, row])).values()])
  return { own: joined, busy: left.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)) }
}

/** All instances of a series have the same UID. */
const meetingOf = ({ icalUid, instanceId, start, end }: OccurrenceRow): string => {
  const uid = icalUid || `${seriesIdOf(instanceId)}@google.com`
  return [uid, parseInstanceId(instanceId)?.originalStart ?? '', start, end].join(' ')
}

/** Null if it blocks no one; empty means everyone. */
export const membersBlockedBy = (
  { blocks, guestMemberIds, busyMemberIds }: CalendarRows['own'][number],
  rule: GoogleRule,
): string[] | null => {
  if (!blocks) return busyMemberIds.length > 0 ? busyMemberIds : null
  const members = blockedMembers(guestMemberIds, rule)
  return members.length === 0 ? [] : [...new Set([...members, ...busyMemberIds])]
}
