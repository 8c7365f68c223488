import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { readWebhook } from '#db/queries/webhooks/webhooks.ts'
import { tenantDb } from '#db/tenant.ts'
import { openToken } from '#lib/google/token-vault.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addChanges, deliveriesOf } from '#testing/endpoints.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { addWebhook, changeWebhook, removeWebhook, replay, rotateSecret, sendTest, switchWebhook } from './mutations.ts'
import { readLog, toWebhook } from './read.ts'
import { mostWebhooks } from './schema.ts'

const database = ownDatabase()
let own: SampleBusiness
let other: SampleBusiness

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertBusiness(database.db)
  other = await insertBusiness(database.db)
})

const by = (business = own) => ({ businessId: business.businessId, memberId: business.owner })
const db = (business = own) => tenantDb(database, business.businessId)
const fields = { url: 'https://hooks.example.com/secret-path', types: [] as string[] }
const add = async (business = own) => {
  const added = await addWebhook(db(business), by(business), fields)
  if (!added.ok) throw new Error(added.message)
  return added
}
const row = async (id: string, business = own) => {
  const found = await readWebhook(db(business), { businessId: business.businessId, id })
  if (!found) throw new Error('There is no such webhook.')
  return found
}
const fail = (id: string) =>
  database.sql`update webhook_deliveries set failed_at = now(), next_attempt_at = null, attempts = 25 where webhook_id = ${id}`

test('a secret is encrypted for its row, and rotation keeps the previous one for a day', async () => {
  const { id, secret } = await add()
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const before = await row(id)
  expect(before.secret).not.toContain(secret.slice(6))
  expect(openToken(before.secret, id)).toBe(secret)
  expect(() => openToken(before.secret, randomUUID())).toThrow()
  const rotated = await rotateSecret(db(), by(), id)
  if (!rotated.ok) throw new Error(rotated.message)
  const after = await row(id)
  expect(openToken(after.secret, id)).toBe(rotated.secret)
  expect(openToken(after.previousSecret ?? '', id)).toBe(secret)
  const hours = (Date.parse(after.previousSecretUntil ?? '') - Date.now()) / 3_600_000
  expect(Math.round(hours)).toBe(24)
  expect(toWebhook(after, new Date().toISOString())).toMatchObject({ rotatingUntil: after.previousSecretUntil })
  expect(JSON.stringify(toWebhook(after, new Date().toISOString()))).not.toContain('v1.')
})

test('changes are logged with the host only', async () => {
  const { id } = await add()
  await changeWebhook(db(), by(), { id, fields: { ...fields, types: ['hold.expired'] } })
  await removeWebhook(db(), by(), id)
  const log = await database.sql`
    select what, before, after from activity where business_id = ${own.businessId} order by id`
  expect(log.map(({ what }) => what)).toEqual(['webhook.added', 'webhook.changed', 'webhook.removed'])
  expect(JSON.stringify(log)).toContain('hooks.example.com')
  expect(JSON.stringify(log)).not.toMatch(/secret-path|whsec/)
})

test('a business has a limited number, also when added at once', async () => {
  const made = await Promise.all(Array.from({ length: mostWebhooks + 2 }, () => addWebhook(db(), by(), fields)))
  expect(made.filter(({ ok }) => ok)).toHaveLength(mostWebhooks)
  expect(made.find(({ ok }) => !ok)).toMatchObject({ code: 'too-many' })
})

test('switched off, what waits has failed; switched on, all of it or one is sent again', async () => {
  const { id } = await add()
  await addChanges(database, { businessId: own.businessId, count: 3 })
  await switchWebhook(db(), by(), { id, on: false })
  expect(toWebhook(await row(id), '')).toMatchObject({ state: { is: 'off', why: 'owner' } })
  expect((await deliveriesOf(database, id)).every(({ failed }) => failed)).toBe(true)
  expect(await sendTest(db(), by(), id)).toMatchObject({ code: 'switched-off' })
  expect(await replay(db(), by(), { id, deliveryId: null })).toMatchObject({ code: 'switched-off' })
  await switchWebhook(db(), by(), { id, on: true })
  const log = await readLog(db(), { businessId: own.businessId, webhookId: id })
  expect(log).toMatchObject({ failed: 3, deliveries: [{ state: 'failed', error: 'off' }, {}, {}] })
  const deliveryId = log.deliveries[1]?.id ?? ''
  expect(await replay(db(), by(), { id, deliveryId })).toEqual({ ok: true, count: 1 })
  expect((await deliveriesOf(database, id)).filter(({ waits }) => waits !== null).map((each) => each.id)).toEqual([
    deliveryId,
  ])
  expect(await replay(db(), by(), { id, deliveryId: null })).toEqual({ ok: true, count: 2 })
  const jobs = await database.sql`select from graphile_worker.jobs where key = ${`webhook:${id}`}`
  expect(jobs).toHaveLength(1)
})

test('a replay gets all attempts again', async () => {
  const { id } = await add()
  await addChanges(database, { businessId: own.businessId, count: 1 })
  await fail(id)
  await replay(db(), by(), { id, deliveryId: null })
  expect(await deliveriesOf(database, id)).toMatchObject([{ attempts: 0, failed: false, waits: expect.any(Number) }])
})

test('nothing of another business can be read, changed, tested, sent again or requested', async () => {
  const { id } = await add(other)
  await addChanges(database, { businessId: other.businessId, count: 1 })
  await fail(id)
  await database.sql`delete from graphile_worker._private_jobs`
  const before = await database.sql`select * from webhooks where id = ${id}`
  const refused = { ok: false, code: 'not-found' }
  expect(await changeWebhook(db(), by(), { id, fields })).toMatchObject(refused)
  expect(await rotateSecret(db(), by(), id)).toMatchObject(refused)
  expect(await switchWebhook(db(), by(), { id, on: false })).toMatchObject(refused)
  expect(await sendTest(db(), by(), id)).toMatchObject(refused)
  expect(await replay(db(), by(), { id, deliveryId: null })).toMatchObject(refused)
  expect(await removeWebhook(db(), by(), id)).toMatchObject(refused)
  expect(await readLog(db(), { businessId: own.businessId, webhookId: id })).toEqual({ deliveries: [], failed: 0 })
  expect(await readLog(db(), { businessId: other.businessId, webhookId: id }), 'row-level security').toMatchObject({
    deliveries: [],
  })
  await db().execute(`select request_webhook('${id}', 0)`)
  expect(await database.sql`select from graphile_worker.jobs`).toHaveLength(0)
  expect(await database.sql`select * from webhooks where id = ${id}`).toEqual(before)
  expect(await deliveriesOf(database, id)).toMatchObject([{ failed: true, attempts: 25 }])
})

test('a webhook of one business cannot get changes of another', async () => {
  const { id } = await add(other)
  const insert = database.sql`insert into webhook_deliveries (business_id, webhook_id) values (${own.businessId}, ${id})`
  await expect(insert).rejects.toMatchObject({ code: '23503' })
})

test('deliveries are deleted with their webhook', async () => {
  const { id } = await add()
  await addChanges(database, { businessId: own.businessId, count: 2 })
  expect(await removeWebhook(db(), by(), id)).toEqual({ ok: true })
  expect(await deliveriesOf(database, id)).toHaveLength(0)
})
