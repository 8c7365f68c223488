import { createHash } from 'node:crypto'
import { digits } from '../core/event-id.ts'

/**
 * In a member's calendar the id of an event also depends on the calendar: an invitation carries the
 * id of its organizer's event into the calendars of its guests, and two runs at once choose ids
 * without knowing of each other.
 */
export const idTailOf = ({ memberId, calendarId }: { memberId: string | null; calendarId: string }): string => {
  if (memberId === null) return ''
  const bytes = createHash('sha256').update(calendarId).digest().subarray(0, tailLength)
  return [...bytes].map((byte) => digits[byte & 31]).join('')
}

const tailLength = 8
