import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Database, Db } from '#db/client.ts'
import { placeChanges } from '#db/queries/changes.ts'
import { passLease, readLeaseSeconds, releaseLease, takeLease } from '#db/queries/jobs/leases.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import {
  type DueDelivery,
  failWaiting,
  readDueDeliveries,
  readNextAttemptSeconds,
  recordAttempt,
  requestWebhook,
} from '#db/queries/webhooks/deliveries.ts'
import { readBusinessOfWebhook, readWebhook, updateWebhook, type WebhookRow } from '#db/queries/webhooks/webhooks.ts'
import { tenantDb } from '#db/tenant.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import { openToken } from '#lib/google/token-vault.ts'
import { publishChange } from '#lib/live/publish.ts'
import { givenUpAfterSeconds, secondsOfRest, secondsUntilRetry } from './retry.ts'
import { type Send, sender } from './send.ts'
import { signedHeaders } from './sign.ts'
import { warnOwners } from './warn-owners.ts'

/** The job of one endpoint: sends what is due, a few at a time, in order of creation. */

/** `deadline` (epoch milliseconds): no further attempt begins after it; the rest is queued. */
type Options = { deadline?: number; send?: Send; random?: () => number; now?: () => number }

export type DeliveryReport = { state: 'gone' | 'busy' | 'off' | 'ran'; delivered: number; failed: number }

/** A job begins no attempt after this, so that endpoints with much to send take turns. */
const turnMs = 20_000
/** Longer than a turn and the attempts that it began, which take 15 s at most. */
const leaseSeconds = 60
const atOnce = 4
const pageLength = 50
/** With so many failures and no success the job ends: the endpoint is down. */
const hopelessAfter = atOnce

/**
 * One job per endpoint at a time. A job that finds another one running comes back when the lease of
 * that one ends, should its process have died; otherwise the other one, when it has released the
 * lease, finds what was added while it ran.
 */
export const deliverWebhook = async (
  database: Database,
  webhookId: string,
  options: Options = {},
): Promise<DeliveryReport> => {
  const none = { delivered: 0, failed: 0 }
  const businessId = await readBusinessOfWebhook(database.db, webhookId)
  if (!businessId) return { state: 'gone', ...none }
  const db = tenantDb(database, businessId)
  const lease = { key: leaseKey(webhookId), holder: randomUUID() }
  if (!(await takeLease(database.db, { ...lease, seconds: leaseSeconds }))) {
    await requestWebhook(db, webhookId, Math.max(1, await readLeaseSeconds(database.db, lease.key)))
    return { state: 'busy', ...none }
  }
  let rest = 0
  try {
    const endpoint = await openEndpoint(db, { businessId, webhookId })
    if (!endpoint) return { state: 'off', ...none }
    const run = await sendDue(db, endpoint, options)
    rest = await saveState(db, endpoint, { run, options })
    return { state: 'ran', delivered: run.delivered, failed: run.failed }
  } finally {
    if (rest > 0) await passLease(database.db, { ...lease, to: webhookId, seconds: rest })
    else await releaseLease(database.db, lease)
    const next = await readNextAttemptSeconds(db, { businessId, webhookId })
    if (next !== null) await requestWebhook(db, webhookId, Math.max(next, rest))
  }
}

const leaseKey = (webhookId: string) => `webhook:${webhookId}`

/** Lets an endpoint that rests be tried at once. Its own id holds the lease of a rest. */
export const endRest = ({ db }: Pick<Database, 'db'>, webhookId: string): Promise<void> =>
  releaseLease(db, { key: leaseKey(webhookId), holder: webhookId })

type Endpoint = { businessId: BusinessId; webhookId: string; row: WebhookRow; secrets: string[] }

/** Null if it is switched off; what was added in the meantime has then failed. */
const openEndpoint = async (
  db: Db,
  { businessId, webhookId }: Pick<Endpoint, 'businessId' | 'webhookId'>,
): Promise<Endpoint | null> => {
  const row = await readWebhook(db, { businessId, id: webhookId })
  if (!row) return null
  if (row.disabledAt !== null) {
    await db.transaction((tx) => failWaiting(tx, { businessId, webhookId, error: 'off' }))
    return null
  }
  const isRotating = row.previousSecretUntil !== null && Date.parse(row.previousSecretUntil) > Date.now()
  const sealed = [row.secret, ...(isRotating && row.previousSecret ? [row.previousSecret] : [])]
  return { businessId, webhookId, row, secrets: sealed.map((secret) => openToken(secret, webhookId)) }
}

type Run = { delivered: number; failed: number; isGone: boolean }

const sendDue = async (db: Db, endpoint: Endpoint, options: Options): Promise<Run> => {
  const { now = Date.now } = options
  const run: Run = { delivered: 0, failed: 0, isGone: false }
  const deadline = Math.min(options.deadline ?? Number.POSITIVE_INFINITY, now() + turnMs)
  const isOver = () => now() >= deadline || run.isGone || (run.delivered === 0 && run.failed >= hopelessAfter)
  while (!isOver()) {
    const due = await readPage(db, endpoint)
    if (due.length === 0) break
    const waiting = due.values()
    const worker = async () => {
      for (const delivery of waiting) {
        await attempt(db, endpoint, { delivery, run, options })
        if (isOver()) return
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }
  return run
}

/** Gives positions to the changes first, so that the messages can name them. */
const readPage = (db: Db, { businessId, webhookId }: Endpoint): Promise<DueDelivery[]> =>
  db.transaction(async (tx) => {
    await placeChanges(tx, businessId)
    return readDueDeliveries(tx, { businessId, webhookId, limit: pageLength })
  })

const attempt = async (
  db: Db,
  { businessId, webhookId, row, secrets }: Endpoint,
  { delivery, run, options }: { delivery: DueDelivery; run: Run; options: Options },
): Promise<void> => {
  const { send = sender(), random = Math.random } = options
  const message = { id: delivery.id, timestamp: Math.floor(Date.now() / 1000), body: bodyOf(delivery) }
  const { failure, status, ms, retryAfterSeconds } = await send({
    url: row.url,
    body: message.body,
    headers: signedHeaders(message, secrets),
  })
  const delivered = failure === null
  run.isGone ||= failure === 'gone'
  run[delivered ? 'delivered' : 'failed']++
  const again =
    delivered || failure === 'gone'
      ? null
      : secondsUntilRetry({ attempts: delivery.attempts + 1, random: random(), retryAfterSeconds })
  const attempted = { businessId, webhookId, id: delivery.id, status, error: failure, ms, again, delivered }
  // If a crash loses it, the message is sent again with the same id.
  await db.transaction((tx) => Promise.all([commitWithoutFlush(tx), recordAttempt(tx, attempted)]))
}

/** Ids and numbers only: a receiver reads the rest with its key. */
const bodyOf = ({ type, at, subjectId, revision, position }: DueDelivery): string =>
  JSON.stringify({
    type: type ?? testType,
    timestamp: at,
    data: {
      ...(subjectId !== null && { id: subjectId }),
      ...(revision !== null && { revision }),
      ...(position !== null && { position }),
    },
  })

const testType = 'webhook.test'

const switchedOffEntry = (
  { businessId, row }: Pick<Endpoint, 'businessId' | 'row'>,
  why: WebhookRow['disabledWhy'] | undefined,
): ActivityEntry => ({
  businessId,
  actor: { kind: 'sophiie' },
  what: 'webhook.switched-off',
  detail: why === 'gone' ? 'Its receiver wants no further messages.' : 'No message arrived for five days.',
  after: { webhook: new URL(row.url).host },
})

/** Records whether the endpoint works. Returns the seconds that it rests. */
const saveState = async (
  db: Db,
  { businessId, webhookId, row }: Endpoint,
  { run, options }: { run: Run; options: Options },
): Promise<number> => {
  const { random = Math.random, now = Date.now } = options
  const { failingSince } = row
  const save = (changes: Parameters<typeof updateWebhook>[2]) =>
    db.transaction(async (tx) => {
      await updateWebhook(tx, { businessId, id: webhookId }, changes)
      if (changes.disabledAt) {
        await failWaiting(tx, { businessId, webhookId, error: 'off' })
        await recordActivity(tx, [switchedOffEntry({ businessId, row }, changes.disabledWhy)])
      }
      await publishChange(tx, businessId)
    })
  const nowText = new Date(now()).toISOString()
  if (run.isGone) await save({ disabledAt: nowText, disabledWhy: 'gone' })
  else if (run.delivered > 0 && failingSince !== null) await save({ failingSince: null, warnedAt: null })
  if (run.isGone || run.delivered > 0 || run.failed === 0) return 0
  if (failingSince === null) await save({ failingSince: nowText })
  const failingSeconds = failingSince === null ? 0 : (now() - Date.parse(failingSince)) / 1000
  if (failingSeconds < givenUpAfterSeconds) return secondsOfRest({ failingSeconds, random: random() })
  await warnOwners(db, { businessId, url: row.url })
  await save({ warnedAt: nowText, disabledAt: nowText, disabledWhy: 'failing' })
  return 0
}
