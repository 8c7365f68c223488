import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { updateConnection } from '#db/queries/connections.ts'
import { env } from '#lib/env.ts'
import { log } from '#lib/observe/log.ts'
import type { SyncContext } from './context.ts'
import { withFence } from './fence.ts'

/** Google's doorbell: a channel per connection, replaced with overlap. A calendar without one is polled. */

const lifetimeMs = 48 * 60 * 60_000
export const renewHours = 12

export const webhookAddress = () =>
  `${(env().WEBHOOK_URL ?? env().NEXTAUTH_URL).replace(/\/$/, '')}/api/google/webhook`

export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest()

/** Constant time, whatever is offered. */
export const sameSecret = (offered: string, stored: Buffer) => timingSafeEqual(hashSecret(offered), stored)

const isDue = (context: SyncContext): boolean => {
  const { connection } = context
  if (connection.channelUnsupported) return false
  const expires = Date.parse(connection.channelExpiresAt ?? '') || 0
  return expires - Date.parse(context.now()) < renewHours * 60 * 60_000
}

/**
 * Opens a channel when none is open or the open one is about to end: before the pull, so that every change is either in
 * what is read or rings. The new one is stored first, the old one stopped after. Trouble here only means polling.
 */
export const ensureChannel = async (context: SyncContext): Promise<void> => {
  if (!isDue(context)) return
  const { connection } = context
  const old = { id: connection.channelId, resourceId: connection.channelResourceId }
  const id = randomUUID()
  const secret = randomBytes(32).toString('base64url')
  const answer = await context.api.watchEvents(context.place.calendarId, {
    id,
    type: 'web_hook',
    address: webhookAddress(),
    token: secret,
    expiration: String(Date.parse(context.now()) + lifetimeMs),
  })
  if (!answer.ok) return refused(context, answer.failure.kind, answer.failure.detail)
  const change = {
    channelId: id,
    channelResourceId: answer.data.resourceId ?? null,
    channelSecretHash: hashSecret(secret),
    channelExpiresAt: new Date(
      Number(answer.data.expiration) || Date.parse(context.now()) + lifetimeMs,
    ).toISOString(),
    channelCreatedAt: context.now(),
  }
  const held = await withFence(context, (tx) => updateConnection(tx, connection.id, change))
  if (held) Object.assign(connection, change)
  const over = held ? old : { id, resourceId: change.channelResourceId }
  if (over.id && over.resourceId) await context.api.stopChannel({ id: over.id, resourceId: over.resourceId })
}

/** Only a refusal for good ends the asking; anything else is tried again at the next look. */
const refused = async (context: SyncContext, kind: string, detail: string): Promise<void> => {
  log('info', 'channel.refused', { connectionId: context.connection.id, kind, detail })
  if (kind !== 'rejected') return
  const change = { channelUnsupported: true }
  const held = await withFence(context, (tx) => updateConnection(tx, context.connection.id, change))
  if (held) Object.assign(context.connection, change)
}
