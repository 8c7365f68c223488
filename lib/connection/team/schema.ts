import { z } from 'zod'
import type { AppointmentsGo } from '#db/schema/business.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'

export const askMemberSchema = z.object({ memberId: z.uuid() })

/** How long a member is left alone after an e-mail. */
export const askAgainAfterMinutes = 60

/** What the owner sees of a member's own Google account. */
export type TeamCalendar = {
  memberId: string
  name: string
  isViewer: boolean
  linked: boolean
  /**
   * The address, if appointments go to a calendar of it. That of an account that only blocks time
   * is the member's own affair.
   */
  account: string | null
  /** That of the calendar that needs the most attention. */
  status: SyncStatus
  /** When an owner last asked by e-mail, while only the member can change the status. */
  askedAt: string | null
  canBeAsked: boolean
}

export type TeamCalendars = {
  members: TeamCalendar[]
  /** Null while appointments go to no calendar at all. */
  appointmentsGo: AppointmentsGo | null
  /** Whether this installation sends e-mails. */
  mail: boolean
}
