import { z } from 'zod'
import type { Permission } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import type { CalendarChoice } from '../schema.ts'

export const mostBusyCalendars = 10

/** A calendar that blocks the member's time. */
export type BusyCalendar = { id: string; name: string; status: SyncStatus }

/** Everything that the region "My calendar" shows from stored facts. */
export type MyCalendar =
  | { linked: false }
  | {
      linked: true
      account: string
      /** That of the calendar that needs the most attention. */
      status: SyncStatus
      /** The oldest of the calendars'; null if one was never read. */
      lastSuccessAt: string | null
      busy: BusyCalendar[]
      missingPermissions: Permission[]
    }

export type MyLinked = Extract<MyCalendar, { linked: true }>

/** The list of the account's calendars, as `GET /api/calendar/mine` answers. */
export type MyChoices = { calendars: CalendarChoice[] }

/** A longer list than any form sends is refused by its own sentence up to this length. */
const longestList = 1000

export const busyCalendarsSchema = z.object({
  calendarIds: z
    .array(z.string().min(1).max(1024))
    .max(longestList)
    .transform((ids) => [...new Set(ids)]),
})
