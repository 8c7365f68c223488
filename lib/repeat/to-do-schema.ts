/** What of series waits for a person. Instants are UTC, original starts wall times. */

export type VisitThatNeedsATime = {
  seriesId: string
  originalStart: string
  /** When it would have been. */
  start: string
  end: string
  reason: 'clash' | 'closed' | 'holiday' | 'away' | 'google'
  title: string
  customerName: string
  assigneeIds: string[]
  serviceId: string | null
}

/** A visit that a person moved in Google, and the question whether the following ones move too. */
export type MoveOffer = {
  appointmentId: string
  seriesId: string
  originalStart: string
  title: string
  /** Where it is now, and where the rule has it. */
  start: string
  end: string
  originalInstant: string
}
