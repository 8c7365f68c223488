import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { env } from '#lib/env.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { log } from '#lib/observe/log.ts'
import { epochMs } from '#lib/recurrence/times.ts'
import type { SyncContext } from './context.ts'
import { addMs, msBetween } from './core/instant.ts'
import { withFence } from './fence.ts'

/**
 * Google's push notifications: one channel per calendar, replaced with an overlap. Without one,
 * polling.
 */

const lifetimeMs = 48 * 60 * 60_000
export const renewHours = 12

export const webhookAddress = () => `${(env().WEBHOOK_URL ?? env().NEXTAUTH_URL).replace(/\/$/, '')}/api/google/webhook`

export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest()

/** In constant time. */
export const sameSecret = (given: string, stored: Buffer) => timingSafeEqual(hashSecret(given), stored)

export const isChannelDue = ({ state, now }: SyncContext): boolean => {
  const { channelUnsupported, channelExpiresAt } = state.calendar
  if (channelUnsupported) return false
  return !channelExpiresAt || msBetween(now(), channelExpiresAt) < renewHours * 60 * 60_000
}

/**
 * Opens a channel when none is open or the open one is about to expire. It runs before the pull, so
 * that every change is either in the pull or notified. The new channel is stored before the old one
 * is stopped. A failure here only means polling.
 */
export const ensureChannel = async (context: SyncContext): Promise<void> => {
  if (!isChannelDue(context)) return
  const { channelId, channelResourceId } = context.state.calendar
  const id = randomUUID()
  const secret = randomBytes(32).toString('base64url')
  const expiresAt = addMs(context.now(), lifetimeMs)
  const answer = await context.api.watchEvents(context.calendarKey.calendarId, {
    id,
    type: 'web_hook',
    address: webhookAddress(),
    token: secret,
    expiration: String(epochMs(expiresAt)),
  })
  if (!answer.ok) return recordRefusal(context, answer.failure)
  const { resourceId, expiration } = answer.data
  const isStored = await saveChannel(context, {
    channelId: id,
    channelResourceId: resourceId,
    channelSecretHash: hashSecret(secret),
    channelExpiresAt: expiration ?? expiresAt,
    channelCreatedAt: context.now(),
  })
  const unused = isStored ? { id: channelId, resourceId: channelResourceId } : { id, resourceId }
  if (unused.id && unused.resourceId) await context.api.stopChannel({ id: unused.id, resourceId: unused.resourceId })
}

/** Only a refusal for good ends the attempts; any other failure is tried again in the next run. */
const recordRefusal = async (context: SyncContext, { kind, detail }: GoogleFailure): Promise<void> => {
  log('info', 'channel.refused', { syncedCalendarId: context.calendar.id, kind, detail })
  if (kind === 'rejected') await saveChannel(context, { channelUnsupported: true })
}

const saveChannel = async (
  context: SyncContext,
  change: Parameters<typeof updateSyncedCalendar>[2],
): Promise<boolean> => {
  const isStored = await withFence(context, (tx) => updateSyncedCalendar(tx, context.calendar.id, change))
  if (isStored) Object.assign(context.state.calendar, change)
  return isStored
}
