import { createHash } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import type { CalendarFacts } from '#db/queries/occurrences.ts'
import type { Span } from '#lib/recurrence/times.ts'
import { readOccurrences } from '../occurrences.ts'
import type { ReadBudget } from '../read-budget.ts'
import { type CalendarRows, joinMeetings } from './meetings.ts'

type CalendarsQuery = {
  businessId: BusinessId
  facts: Pick<CalendarFacts, 'calendar' | 'busyCalendars' | 'sharedCalendars'>
  span: Span
  blocking?: boolean
  budget: ReadBudget
}

/** What touches `span` in the calendars of the business and in those of its members. */
export const readCalendars = async (db: Db | Tx, { facts, ...query }: CalendarsQuery): Promise<CalendarRows> => {
  const { calendar, busyCalendars, sharedCalendars } = facts
  const [own, shared, busy] = await Promise.all([
    readOccurrences(db, { ...query, calendar }),
    Promise.all(sharedCalendars.map((each) => readOccurrences(db, { ...query, calendar: each }))),
    // Others see only when a member is busy.
    Promise.all(busyCalendars.map((each) => readOccurrences(db, { ...query, calendar: each, blocking: true }))),
  ])
  const ofMembers = busyCalendars.flatMap(({ id, memberId, memberName }, n) =>
    (busy[n] ?? []).map((row) => ({ ...row, memberId, memberName, id: busyIdOf(id, row.instanceId) })),
  )
  const ofBusiness = sharedCalendars.flatMap(({ id, blockedIds }, n) =>
    (shared[n] ?? []).map((row) => ({ ...row, guestMemberIds: blockedIds, id: busyIdOf(id, row.instanceId) })),
  )
  return joinMeetings(own, ofMembers, ofBusiness)
}

/** Google's ids may have words of another program, and are the same in calendars of guests. */
const busyIdOf = (syncedCalendarId: string, instanceId: string) =>
  createHash('sha256').update(`${syncedCalendarId} ${instanceId}`).digest('base64url').slice(0, 22)
