import type { OccurrenceRow } from '#db/queries/occurrences.ts'
import type { Role } from '#lib/auth/schema.ts'
import { blockedMembers, type GoogleRule } from '#lib/availability/overlap.ts'
import { isBlank } from '#lib/blank-text.ts'
import { type BusyOccurrence, type CalendarRows, membersBlockedBy } from './calendars/meetings.ts'
import type { BusyTime, Occurrence } from './schema.ts'

/** The viewer, and how much of Google events the owner lets staff see. */
export type VisibilityPolicy = { role: Role; staffSee: 'details' | 'busy'; viewerId?: string }

/** Staff see private events as "Busy", and all events if the owner chose so. */
const isHidden = (row: OccurrenceRow, policy: VisibilityPolicy) =>
  policy.role === 'staff' && (row.isPrivate || policy.staffSee === 'busy')

export const visibleTitle = (row: OccurrenceRow, policy: VisibilityPolicy) =>
  isHidden(row, policy) ? 'Busy' : isBlank(row.title) ? '(No title)' : row.title

export const visibleOccurrence = (
  row: CalendarRows['own'][number],
  policy: VisibilityPolicy,
  rule: GoogleRule,
): Occurrence => {
  const hidden = isHidden(row, policy)
  const blocked = membersBlockedBy(row, rule)
  const blocksElsewhere = !row.blocks && blocked !== null
  return {
    googleEventId: row.instanceId,
    title: visibleTitle(row, policy),
    start: row.startDate ?? row.start,
    end: row.endDate ?? row.end,
    allDay: row.startDate !== null,
    blocks: blocked !== null,
    blocksWhy: hidden || blocksElsewhere ? (blocked ? 'busy' : 'free') : (row.blocksWhy as Occurrence['blocksWhy']),
    location: hidden ? '' : row.location,
    description: hidden || row.isPrivate ? '' : row.description,
    isPrivate: row.isPrivate,
    recurring: row.recurring,
    memberIds: blocked ?? blockedMembers(row.guestMemberIds, rule),
    htmlLink: hidden ? '' : row.htmlLink,
  }
}

/** Only the member may follow it to Google. */
export const visibleBusy = (row: BusyOccurrence, { viewerId }: VisibilityPolicy): BusyTime => ({
  id: row.id,
  memberId: row.memberId,
  start: row.startDate ?? row.start,
  end: row.endDate ?? row.end,
  allDay: row.startDate !== null,
  htmlLink: row.memberId === viewerId ? row.htmlLink : '',
})

export const busyTitle = ({ memberId, memberName }: BusyOccurrence, { viewerId }: VisibilityPolicy) =>
  memberId === viewerId ? 'Busy' : `Busy (${memberName.split(' ')[0]})`
