import type { Permission } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import type { BusyCalendar, CalendarReport } from '../schema.ts'

/** The calendar that appointments of a member go to. */
export type AppointmentsCalendar = { id: string; name: string } & CalendarReport

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
      /** The calendar that gets the member's appointments; null = none. */
      appointments: AppointmentsCalendar | null
      busy: BusyCalendar[]
      missingPermissions: Permission[]
      /** Whether the grant allows to write appointments. */
      mayWrite: boolean
    }

export type MyLinked = Extract<MyCalendar, { linked: true }>
