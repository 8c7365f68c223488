import type { MoveOffer, VisitThatNeedsATime } from '#lib/repeat/to-do-schema.ts'

/** What waits for a person. */
export type Todo = {
  /** Upcoming appointments that need confirmation, the next ones first. */
  pending: PendingAppointment[]
  pendingCount: number
  /** Open messages of callers. */
  messageCount: number
  /** Visits that need a time, the next ones first. Not from a server of the version before. */
  visits?: VisitThatNeedsATime[]
  visitCount?: number
  /** Visits that were moved in Google, while it is open whether the following ones move too. */
  moveOffers?: MoveOffer[]
}

export type PendingAppointment = {
  id: string
  title: string
  start: string
  end: string
  revision: number
  customerName: string
}
