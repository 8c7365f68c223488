import { z } from 'zod'

export const mostBusyCalendars = 10

/** A calendar that is to block time. `blocksMemberIds`: whom, of the business; null = everyone. */
export type BusyWish = { calendarId: string; blocksMemberIds: string[] | null }

/** A longer list than any form sends is refused by its own sentence up to this length. */
const longestList = 1000

const calendarId = z.string().min(1).max(1024)

const onlyOnce = (wishes: BusyWish[]) => [...new Map(wishes.map((wish) => [wish.calendarId, wish])).values()]

export const myBusyCalendarsSchema = z
  .object({ calendarIds: z.array(calendarId).max(longestList) })
  .transform(({ calendarIds }) => onlyOnce(calendarIds.map((id) => ({ calendarId: id, blocksMemberIds: null }))))

const memberIds = z
  .array(z.uuid())
  .min(1)
  .max(longestList)
  .transform((ids) => [...new Set(ids)].sort())

export const businessBusyCalendarsSchema = z
  .object({ calendars: z.array(z.object({ calendarId, blocksMemberIds: memberIds.nullable() })).max(longestList) })
  .transform(({ calendars }) => onlyOnce(calendars))
