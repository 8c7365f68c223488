import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { lockTeam } from '#db/queries/members.ts'
import { failWaiting, insertTestDelivery, replayDeliveries, requestWebhook } from '#db/queries/webhooks/deliveries.ts'
import {
  deleteWebhook,
  insertWebhook,
  readWebhook,
  readWebhooks,
  updateWebhook,
  type WebhookRow,
} from '#db/queries/webhooks/webhooks.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import { newSecret } from '#lib/deliveries/sign.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import type { Result } from '#lib/result.ts'
import { mostWebhooks, type WebhookRefusal } from './schema.ts'

/** The owner who acts, and their business. Trusted. */
type By = { businessId: BusinessId; memberId: string }
type Fields = { url: string; types: string[] }
type Done<T> = Promise<Result<T, WebhookRefusal>>

/** Returns the secret, which is shown once. */
export const addWebhook = (db: Db, by: By, fields: Fields) =>
  db.transaction(async (tx): Done<{ id: string; secret: string }> => {
    // The lock lets two additions take turns.
    await lockTeam(tx, by.businessId)
    if ((await readWebhooks(tx, by.businessId)).length >= mostWebhooks) return tooMany
    const [id, secret] = [randomUUID(), newSecret()]
    const { businessId, memberId } = by
    await insertWebhook(tx, { ...fields, id, businessId, createdBy: memberId, secret: sealToken(secret, id) })
    await recordByMember(tx, by, { what: 'webhook.added', after: shown(fields) })
    return { ok: true, id, secret }
  })

export const changeWebhook = (db: Db, by: By, { id, fields }: { id: string; fields: Fields }) =>
  inWebhook(db, by, id, async (tx, row): Done<object> => {
    const { url, types } = row
    if (isDeepStrictEqual({ url, types }, fields)) return { ok: true }
    await updateWebhook(tx, { businessId: by.businessId, id }, fields)
    await recordByMember(tx, by, { what: 'webhook.changed', before: shown(row), after: shown(fields) })
    return { ok: true }
  })

const previousSecretMs = 24 * 60 * 60_000

/** A new secret, shown once. The previous one signs as well for a day. */
export const rotateSecret = (db: Db, by: By, id: string) =>
  inWebhook(db, by, id, async (tx, row): Done<{ secret: string }> => {
    const secret = newSecret()
    await updateWebhook(
      tx,
      { businessId: by.businessId, id },
      {
        secret: sealToken(secret, id),
        previousSecret: row.secret,
        previousSecretUntil: new Date(Date.now() + previousSecretMs).toISOString(),
      },
    )
    await recordByMember(tx, by, { what: 'webhook.secret-rotated', after: shown(row) })
    return { ok: true, secret }
  })

/** What waits when it is switched off has failed, and can be sent again later. */
export const switchWebhook = (db: Db, by: By, { id, on }: { id: string; on: boolean }) =>
  inWebhook(db, by, id, async (tx, row): Done<object> => {
    if ((row.disabledAt === null) === on) return { ok: true }
    const changes = on
      ? { disabledAt: null, disabledWhy: null, failingSince: null, warnedAt: null }
      : { disabledAt: new Date().toISOString(), disabledWhy: 'owner' as const }
    await updateWebhook(tx, { businessId: by.businessId, id }, changes)
    if (!on) await failWaiting(tx, { businessId: by.businessId, webhookId: id, error: 'off' })
    await recordByMember(tx, by, { what: on ? 'webhook.switched-on' : 'webhook.switched-off', after: shown(row) })
    return { ok: true }
  })

export const removeWebhook = (db: Db, by: By, id: string) =>
  inWebhook(db, by, id, async (tx, row): Done<object> => {
    await deleteWebhook(tx, { businessId: by.businessId, id })
    await recordByMember(tx, by, { what: 'webhook.removed', before: shown(row) })
    return { ok: true }
  })

/** Queues a message without a change. */
export const sendTest = (db: Db, by: By, id: string) =>
  inWebhook(db, by, id, async (tx, row): Done<{ deliveryId: string }> => {
    if (row.disabledAt !== null) return switchedOff
    const deliveryId = await insertTestDelivery(tx, { businessId: by.businessId, webhookId: id })
    await requestWebhook(tx, id, 0)
    return { ok: true, deliveryId }
  })

/** Sends one delivery again, or with `deliveryId` null all that failed. */
export const replay = (db: Db, by: By, { id, deliveryId }: { id: string; deliveryId: string | null }) =>
  inWebhook(db, by, id, async (tx, row): Done<{ count: number }> => {
    if (row.disabledAt !== null) return switchedOff
    const count = await replayDeliveries(tx, { businessId: by.businessId, webhookId: id, id: deliveryId })
    if (count > 0) await requestWebhook(tx, id, 0)
    return { ok: true, count }
  })

const inWebhook = <T>(db: Db, { businessId }: By, id: string, work: (tx: Tx, row: WebhookRow) => Done<T>) =>
  db.transaction(async (tx): Done<T> => {
    const row = await readWebhook(tx, { businessId, id }, { lock: true })
    return row ? await work(tx, row) : gone
  })

/** For the activity log. The path of an address is often its password. */
const shown = ({ url, types }: Fields) => ({ webhook: new URL(url).host, types: types.length > 0 ? types : ['all'] })

const gone = { ok: false, code: 'not-found', message: 'This webhook was deleted.' } as const
const switchedOff = { ok: false, code: 'switched-off', message: 'Switch the webhook on first.' } as const
const tooMany = {
  ok: false,
  code: 'too-many',
  message: `A business has at most ${mostWebhooks} webhooks. Delete one first.`,
} as const
