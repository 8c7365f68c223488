import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { insertHold } from '#db/queries/receptionist/holds.ts'
import { tenantDb } from '#db/tenant.ts'
import { subscribe } from '#lib/live/hub.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addChanges, addEndpoint, deliveriesOf } from '#testing/receptionist/endpoints.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { schedule } from './schedule.ts'

const database = ownDatabase()
let own: SampleBusiness
let keyId: string

beforeAll(() => {
  setEnvironment(database, { url: 'http://localhost:1' })
  // On Vercel the process stops listening with its last subscriber.
  process.env.VERCEL = '1'
})
beforeEach(async () => {
  await database.sql`update holds set ended = 'released' where ended is null`
  own = await insertBusiness(database.db)
  keyId = (await insertCaller(database.db, own)).keyId
})

const hold = async (given: { test?: boolean; hour?: number } = {}) => {
  const id = randomUUID()
  const day = '2027-03-01T'
  const hour = given.hour ?? 1
  await tenantDb(database, own.businessId).transaction((tx) =>
    insertHold(tx, {
      ...{
        id,
        businessId: own.businessId,
        apiKeyId: keyId,
        memberIds: [own.mia],
        seconds: 300,
        test: given.test ?? false,
      },
      ...{ startsAt: `${day}0${hour}:00:00Z`, endsAt: `${day}0${hour + 1}:00:00Z` },
    }),
  )
  return id
}
const expire = () => database.sql`update holds set expires_at = now() - interval '1 second'`
const holdRow = async (id: string) => {
  const [row] = await database.sql`
    select ended, (select count(*)::int from appointment_assignees where hold_id = holds.id) as taken
    from holds where id = ${id}`
  return { ...row }
}
const changes = () => database.sql`
  select type, subject_id from changes where business_id = ${own.businessId} order by id`

test('an expired hold is reported once, frees its time, and pages learn of it', async () => {
  const { id: webhookId } = await addEndpoint(database, { businessId: own.businessId, url: 'https://a.example' })
  const [expired, kept] = [await hold(), await hold({ hour: 3 })]
  const [tested] = [await hold({ test: true })]
  await database.sql`update holds set expires_at = now() - interval '1 second' where id in (${expired}, ${tested})`
  const seen: string[] = []
  const stop = await subscribe(own.businessId, (kind) => kind === 'rows' && seen.push(kind))
  onTestFinished(stop)
  expect(await schedule(database)).toMatchObject({ holds: 2 })
  expect(await schedule(database)).toMatchObject({ holds: 0 })
  await expect.poll(() => seen).toEqual(['rows'])
  expect(await holdRow(expired)).toEqual({ ended: 'expired', taken: 0 })
  expect(await holdRow(kept)).toEqual({ ended: null, taken: 1 })
  expect(await holdRow(tested), 'of a test key: ended, not reported').toEqual({ ended: 'expired', taken: 0 })
  expect((await changes()).map((row) => ({ ...row }))).toEqual([{ type: 'hold.expired', subject_id: expired }])
  expect(await deliveriesOf(database, webhookId)).toHaveLength(1)
})

test('the tick waits for no booking that has locked the time of an expired hold', async () => {
  const [mine, other] = [await hold(), await hold({ hour: 3 })]
  await expire()
  const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const booking = database.sql.begin(async (sql) => {
    await sql`select 1 from appointment_assignees where hold_id = ${mine} for update`
    locked.resolve()
    await done.promise
    await sql`delete from appointment_assignees where hold_id = ${mine}`
  })
  await locked.promise
  expect(await schedule(database)).toMatchObject({ holds: 2 })
  expect(await holdRow(other)).toEqual({ ended: 'expired', taken: 0 })
  done.resolve()
  await booking
  expect(await holdRow(mine)).toEqual({ ended: 'expired', taken: 0 })
})

test('what is kept for some time only is deleted afterwards, and not before', async () => {
  const { businessId } = own
  const { id: webhookId } = await addEndpoint(database, { businessId, url: 'https://a.example' })
  await addChanges(database, { businessId, count: 3 })
  await database.sql`update webhook_deliveries set next_attempt_at = null, delivered_at = now() where webhook_id = ${webhookId}`
  const aged = ['59 minutes', '23 hours', '25 hours', '29 days', '31 days', '400 days']
  for (const age of aged) {
    await database.sql`insert into idempotency_keys (business_id, api_key_id, key, request_hash, locked_until, created_at)
      values (${businessId}, ${keyId}, ${age}, '\\x00', now(), now() - ${age}::interval)`
    await database.sql`insert into api_requests (business_id, api_key_id, verb, outcome, at)
      values (${businessId}, ${keyId}, ${age}, 'ok', now() - ${age}::interval)`
    await database.sql`insert into test_appointments (business_id, api_key_id, starts_at, ends_at, member_ids, title, created_at)
      values (${businessId}, ${keyId}, now(), now() + interval '1 hour', '{}', ${age}, now() - ${age}::interval)`
    await database.sql`insert into webhook_deliveries (business_id, webhook_id, created_at, next_attempt_at, last_error, delivered_at)
      values (${businessId}, ${webhookId}, now() - ${age}::interval, null, ${age}, now())`
  }
  await database.sql`insert into webhook_deliveries (business_id, webhook_id, created_at, last_error)
    values (${businessId}, ${webhookId}, now() - interval '40 days', 'still waits')`
  await schedule(database)
  const left = async (table: string, column: string) => {
    const rows = await database.sql.unsafe(
      `select ${column} as age from ${table} where business_id = '${businessId}' and ${column} is not null`,
    )
    return rows.map(({ age }) => age).sort()
  }
  expect(await left('idempotency_keys', 'key')).toEqual(['23 hours', '59 minutes'])
  expect(await left('test_appointments', 'title')).toEqual(['23 hours', '59 minutes'])
  expect(await left('api_requests', 'verb')).toEqual(['23 hours', '25 hours', '29 days', '59 minutes'])
  expect(await left('webhook_deliveries', 'last_error')).toEqual([
    ...['23 hours', '25 hours', '29 days', '59 minutes', 'still waits'],
  ])
  expect(await changes(), 'changes are kept').toHaveLength(3)
})

test('the tick queues an endpoint whose job was lost, and no one that rests', async () => {
  const { businessId } = own
  const endpoint = () => addEndpoint(database, { businessId, url: 'https://a.example' })
  const [lost, resting] = [await endpoint(), await endpoint()]
  await addChanges(database, { businessId, count: 1 })
  await database.sql`delete from graphile_worker._private_jobs`
  await database.sql`insert into leases (key, holder, expires_at)
    values (${`webhook:${resting.id}`}, ${resting.id}, now() + interval '1 minute')`
  await schedule(database)
  const jobs = await database.sql`
    select key from graphile_worker.jobs where task_identifier = 'deliver-webhook' and key = any(${[lost, resting].map(({ id }) => `webhook:${id}`)})`
  expect(jobs.map(({ key }) => key)).toEqual([`webhook:${lost.id}`])
})

test('a part that fails keeps none of the others back, and is reported', async () => {
  const id = await hold()
  await expire()
  await database.sql`alter table google_revocations rename to hidden_revocations`
  onTestFinished(async () => void (await database.sql`alter table hidden_revocations rename to google_revocations`))
  await expect(schedule(database)).rejects.toThrow('google_revocations')
  expect(await holdRow(id)).toMatchObject({ ended: 'expired', taken: 0 })
})
