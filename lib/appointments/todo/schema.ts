/** What waits for a person. */
export type Todo = {
  /** Upcoming appointments that need confirmation, the next ones first. */
  pending: PendingAppointment[]
  pendingCount: number
  /** Open messages of callers. */
  messageCount: number
}

export type PendingAppointment = {
  id: string
  title: string
  start: string
  end: string
  revision: number
  customerName: string
}
