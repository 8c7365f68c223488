import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readBusinessCalendar } from '#db/queries/sync/calendars.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import { listCalendars } from '../choices.ts'
import type { CalendarChoice } from '../schema.ts'

const alreadyBlocks = 'This is the business calendar, which already blocks this time.'

/** Any calendar that shows when its owner is busy can be chosen, also one that is only read. */
export const busyChoices = async (
  db: Db,
  account: { id: string; businessId: BusinessId },
): Promise<GoogleAnswer<CalendarChoice[]>> => {
  const [answer, business] = await Promise.all([
    listCalendars(calendarApi(tokenOf(db, account.id))),
    readBusinessCalendar(db, account.businessId),
  ])
  if (!answer.ok) return answer
  const reasonFor = ({ id }: CalendarChoice) => (id === business?.calendarId ? alreadyBlocks : null)
  return { ...answer, data: answer.data.map((choice) => ({ ...choice, disabledBecause: reasonFor(choice) })) }
}
