'use server'
import { refresh } from 'next/cache'
import type { z } from 'zod'
import { type Db, database } from '#db/client.ts'
import { refusedByLimit } from '#lib/auth/limits/limits.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner } from '#lib/auth/viewer.ts'
import { objectionToUrl } from '#lib/deliveries/address.ts'
import { endRest } from '#lib/deliveries/deliver.ts'
import { env } from '#lib/env.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { invalidFields, otherBusiness, type Result } from '#lib/result.ts'
import { addWebhook, changeWebhook, removeWebhook, replay, rotateSecret, sendTest, switchWebhook } from './mutations.ts'
import { type DeliveryLog, readLog } from './read.ts'
import { replaySchema, saveWebhookSchema, switchWebhookSchema, type WebhookRefusal, webhookSchema } from './schema.ts'

/** The owner's actions on webhooks. Messages are sent by a job. */

type Done<T> = Promise<Result<T, WebhookRefusal>>
type By = { businessId: Viewer['businessId']; memberId: string }

/** `secret` of a new webhook, which is shown once. */
export const saveWebhook = async (input: unknown): Done<{ id: string; secret: string | null }> =>
  asOwner(saveWebhookSchema, input, async (db, by, { id, url, types }) => {
    const objection = objectionToUrl(url, { toLoopback: env().WEBHOOKS_TO_LOOPBACK === 'on' })
    if (objection) return { ...invalidFields, fields: { url: objection } }
    refresh()
    if (id === null) return addWebhook(db, by, { url, types })
    const changed = await changeWebhook(db, by, { id, fields: { url, types } })
    return changed.ok ? { ok: true, id, secret: null } : changed
  })

export const rotateWebhookSecret = async (input: unknown): Done<{ secret: string }> =>
  asOwner(webhookSchema, input, (db, by, { id }) => {
    refresh()
    return rotateSecret(db, by, id)
  })

export const setWebhookOn = async (input: unknown): Done<object> =>
  asOwner(switchWebhookSchema, input, async (db, by, { id, on }) => {
    refresh()
    const switched = await switchWebhook(db, by, { id, on })
    if (switched.ok) await endRestOf(id)
    return switched
  })

export const deleteWebhook = async (input: unknown): Done<object> =>
  asOwner(webhookSchema, input, (db, by, { id }) => {
    refresh()
    return removeWebhook(db, by, id)
  })

export const testWebhook = async (input: unknown): Done<{ deliveryId: string }> =>
  asOwner(webhookSchema, input, async (db, by, { id }, viewer) => {
    const refused = await refusedByLimit('webhook-test', viewer.email)
    if (refused) return { ok: false, code: 'rate-limited', message: refused }
    const sent = await sendTest(db, by, id)
    if (sent.ok) await endRestOf(id)
    drainAfterResponse()
    return sent
  })

export const replayWebhook = async (input: unknown): Done<{ count: number }> =>
  asOwner(replaySchema, input, async (db, by, { id, deliveryId }, viewer) => {
    const refused = await refusedByLimit('webhook-test', viewer.email)
    if (refused) return { ok: false, code: 'rate-limited', message: refused }
    const sent = await replay(db, by, { id, deliveryId })
    if (sent.ok) await endRestOf(id)
    drainAfterResponse()
    return sent
  })

/** The latest deliveries of a webhook. */
export const deliveryLogOf = async (input: unknown): Done<DeliveryLog> =>
  asOwner(webhookSchema, input, async (db, { businessId }, { id }) => ({
    ok: true,
    ...(await readLog(db, { businessId, webhookId: id })),
  }))

const asOwner = async <Input extends { businessId: string }, T>(
  schema: z.ZodType<Input>,
  input: unknown,
  work: (db: Db, by: By, parsed: Input, viewer: Viewer) => Done<T>,
): Done<T> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = schema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const { businessId, memberId } = acting.viewer
  if (parsed.data.businessId !== businessId) return otherBusiness
  return work(tenantDbOf(acting.viewer), { businessId, memberId }, parsed.data, acting.viewer)
}

const endRestOf = (id: string) => endRest(database(env().DATABASE_URL), id)
