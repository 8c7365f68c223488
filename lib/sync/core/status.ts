import { type DelayKind, delayKinds, type PersonalKind, personalKinds } from '#lib/google/failure-kind.ts'
import { epochMs } from '#lib/recurrence/times.ts'

/** The stored facts that the status of a calendar is computed from. Instants are UTC ISO. */
export type SyncFacts = {
  calendarId: string | null
  importedAt: string | null
  importedCount: number
  lastSuccessAt: string | null
  /** While it is open, Google announces changes and polling is rare. */
  channelExpiresAt: string | null
  failingSince: string | null
  lastFailureKind: string | null
  /** Appointments with unpushed changes, and the oldest of them. */
  waiting: number
  waitingSince: string | null
  /** Appointments that Google refused or that were removed in Google. */
  needAttention: number
}

export type SyncStatus =
  | { state: 'not-linked' }
  | { state: 'choose-calendar' }
  | { state: 'importing'; imported: number }
  | { state: 'healthy'; lastSuccessAt: string }
  | { state: 'catching-up'; waiting: number }
  | { state: 'delayed'; since: string; why: DelayKind }
  | { state: 'needs-attention'; reason: PersonalKind }

/** A change that waits longer than this turns "catching up" into "delayed". */
const delayedAfterMs = 2 * 60_000

/** The one status of a calendar. `now` is UTC ISO. */
export const statusOf = (facts: SyncFacts | null, now: string): SyncStatus => {
  if (!facts) return { state: 'not-linked' }
  const reason = personalKinds.find((kind) => kind === facts.lastFailureKind)
  if (reason && facts.failingSince) return { state: 'needs-attention', reason }
  if (!facts.calendarId) return { state: 'choose-calendar' }
  if (facts.failingSince) return { state: 'delayed', since: facts.failingSince, why: delayOf(facts.lastFailureKind) }
  if (!facts.importedAt) return { state: 'importing', imported: facts.importedCount }
  if (facts.waitingSince && epochMs(now) - epochMs(facts.waitingSince) > delayedAfterMs)
    return { state: 'delayed', since: facts.waitingSince, why: 'transient' }
  if (facts.waiting > 0) return { state: 'catching-up', waiting: facts.waiting }
  if (!facts.lastSuccessAt) return { state: 'catching-up', waiting: 0 }
  if (isOverdue(facts.lastSuccessAt, facts, now))
    return { state: 'delayed', since: facts.lastSuccessAt, why: 'overdue' }
  return { state: 'healthy', lastSuccessAt: facts.lastSuccessAt }
}

const minuteMs = 60_000
/** The polling intervals of `lib/jobs/schedule.ts`, with a margin. */
const overdueMs = { notified: 30 * minuteMs, polled: 10 * minuteMs }

/**
 * Programs are notified: a person has to act, or it has failed for so long that nothing is known to
 * be up to date.
 */
export const isBroken = (failing: { waitsForPerson: boolean; failingSince: string }, now: string): boolean =>
  failing.waitsForPerson || epochMs(now) - epochMs(failing.failingSince) >= overdueMs.notified

/** Whatever the reason is: with no success for so long, nothing is known to be up to date. */
const isOverdue = (lastSuccessAt: string, { channelExpiresAt }: SyncFacts, now: string): boolean => {
  const isNotified = channelExpiresAt !== null && epochMs(channelExpiresAt) > epochMs(now)
  return epochMs(now) - epochMs(lastSuccessAt) > (isNotified ? overdueMs.notified : overdueMs.polled)
}

const delayOf = (kind: string | null): DelayKind => delayKinds.find((each) => each === kind) ?? 'transient'
