import { msBetween } from '../core/instant.ts'

/**
 * Whether a run may push without reading. Google announces each of our own writes like a change of
 * people, without saying which it is. The read that this notification causes finds both, so a list
 * right after the push would only be made twice (docs/decisions/005).
 */

/** How long a successful read counts, with a working channel and without one. */
export const readIntervalMs = { notified: 15 * 60_000, polled: 60_000 }

/** A notification of a write that has not arrived by then was lost, or the channel is dead. */
export const awaitedForMs = 60_000

type Requests = {
  requested: number
  processed: number
  pushFrom: number
  pushTo: number
  lastNotificationAt: string | null
  notificationAwaitedSince: string | null
}

type Calendar = {
  syncToken: string | null
  pageCursor: string | null
  channelCreatedAt: string | null
  lastSuccessAt: string | null
  failingSince: string | null
  retryAt: string | null
}

/** Before the push. `isChannelDue`: there is none, or it is about to be replaced. */
export const mayLeaveRead = (
  { requests, calendar, isChannelDue }: { requests: Requests; calendar: Calendar; isChannelDue: boolean },
  now: string,
): boolean => {
  const { channelCreatedAt, lastSuccessAt } = calendar
  if (!isPushOnly(requests) || isChannelDue || calendar.failingSince !== null || calendar.retryAt !== null) return false
  if (calendar.syncToken === null || calendar.pageCursor !== null) return false
  if (channelCreatedAt === null || lastSuccessAt === null) return false
  // The channel has delivered, and everything from before it was opened has been read.
  if (!isAtOrAfter(requests.lastNotificationAt, channelCreatedAt) || !isAtOrAfter(lastSuccessAt, channelCreatedAt))
    return false
  return msBetween(lastSuccessAt, now) < readIntervalMs.notified && !isSilent(requests, channelCreatedAt, now)
}

/** Something is requested, and each request is a change made here. */
export const isPushOnly = (requests: Pick<Requests, 'requested' | 'processed' | 'pushFrom' | 'pushTo'>): boolean => {
  const { requested, processed, pushFrom, pushTo } = requests
  return requested > processed && pushTo === requested && pushFrom <= processed
}

/** A push has left the read to its notification, which has not arrived yet. */
export const isNotificationAwaited = (
  {
    lastNotificationAt,
    notificationAwaitedSince: since,
  }: Pick<Requests, 'lastNotificationAt' | 'notificationAwaitedSince'>,
  channelCreatedAt: string | null,
): boolean => since !== null && !isAtOrAfter(lastNotificationAt, since) && !isAtOrAfter(channelCreatedAt, since)

/** The notification of a write was lost: until another arrives, the channel cannot be relied on. */
export const isSilent = (
  requests: Pick<Requests, 'lastNotificationAt' | 'notificationAwaitedSince'>,
  channelCreatedAt: string | null,
  now: string,
): boolean => {
  const since = requests.notificationAwaitedSince
  if (since === null || !isNotificationAwaited(requests, channelCreatedAt)) return false
  return msBetween(since, now) >= awaitedForMs
}

const isAtOrAfter = (instant: string | null, other: string): boolean =>
  instant !== null && msBetween(other, instant) >= 0
