import type { Span } from '#lib/availability/overlap.ts'

/** When the active members work on one day of the business. Instants are UTC. */
export type WorkingTime = {
  /** The note of the day's exception to the opening hours, such as the name of a holiday. */
  note: string
  members: MemberTime[]
}

export type MemberTime = { memberId: string; working: Span[]; timeOff: TimeOffSpan[] }

/** The part of time off that is on the day. The reason is empty for those who may not see it. */
export type TimeOffSpan = Span & { id: string; reason: string }
