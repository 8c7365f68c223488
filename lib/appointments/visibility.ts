import type { OccurrenceRow } from '#db/queries/occurrences.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Occurrence } from './schema.ts'

/** Who looks, and what the owner lets staff see of Google events. */
export type Eyes = { role: Role; staffSee: 'details' | 'busy' }

/** Staff see private events, or all of them if the owner chose so, as nothing but taken time. */
const isHidden = (row: OccurrenceRow, eyes: Eyes) =>
  eyes.role === 'staff' && (row.isPrivate || eyes.staffSee === 'busy')

export const visibleTitle = (row: OccurrenceRow, eyes: Eyes) =>
  isHidden(row, eyes) ? 'Busy' : row.title || '(No title)'

export const visibleOccurrence = (row: OccurrenceRow, eyes: Eyes): Occurrence => {
  const hidden = isHidden(row, eyes)
  return {
    googleEventId: row.instanceId,
    title: visibleTitle(row, eyes),
    start: row.startDate ?? row.start,
    end: row.endDate ?? row.end,
    allDay: row.startDate !== null,
    blocks: row.blocks,
    blocksWhy: hidden ? (row.blocks ? 'busy' : 'free') : (row.blocksWhy as Occurrence['blocksWhy']),
    location: hidden ? '' : row.location,
    description: hidden || row.isPrivate ? '' : row.description,
    isPrivate: row.isPrivate,
    recurring: row.recurring,
    guestMemberIds: row.guestMemberIds,
    htmlLink: hidden ? '' : row.htmlLink,
  }
}
