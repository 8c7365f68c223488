import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertChanges, readChanges } from '#db/queries/changes.ts'
import { insertTestDelivery, replayDeliveries } from '#db/queries/webhooks/deliveries.ts'
import { updateWebhook, type WebhookRow } from '#db/queries/webhooks/webhooks.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addChanges, addEndpoint, deliveriesOf, endWaits } from '#testing/receptionist/endpoints.ts'
import { type Answer, startReceiver } from '#testing/receptionist/receiver.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { lookupWith, newResolver } from './address.ts'
import { deliverWebhook } from './deliver.ts'
import { mostAttempts } from './retry.ts'
import { createSend } from './send.ts'
import { newSecret } from './sign.ts'

const database = ownDatabase()
const send = createSend({ lookup: lookupWith(newResolver()), toLoopback: true, timeoutMs: 400 })
let receiver: Awaited<ReturnType<typeof startReceiver>>
let sample: SampleBusiness
const mails: string[] = []
const mailServer = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData: (stream, _, done) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    stream.on('end', () => {
      mails.push(text)
      done()
    })
  },
})

beforeAll(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve))
  const address = mailServer.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  setEnvironment(database, { url: 'http://localhost:1' })
  Object.assign(process.env, { SMTP_URL: `smtp://127.0.0.1:${port}`, EMAIL_FROM: 'Sophiie <calendar@example.com>' })
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await new Promise<void>((resolve) => mailServer.close(resolve))
})
beforeEach(async () => {
  receiver.received.length = 0
  receiver.answerWith()
  sample = await insertBusiness(database.db)
})

const endpoint = (given: { url?: string; types?: string[] } = {}) =>
  addEndpoint(database, { businessId: sample.businessId, url: receiver.url, ...given })
const add = (count: number, type?: string) => addChanges(database, { businessId: sample.businessId, count, type })
const deliver = (id: string, options: { now?: () => number } = {}) =>
  deliverWebhook(database, id, { send, random: () => 0.5, ...options })
const change = (id: string, changes: Partial<WebhookRow>) =>
  database.db.transaction((tx) => updateWebhook(tx, { businessId: sample.businessId, id }, changes))
const webhookRow = async (id: string) => {
  const [row] =
    await database.sql`select failing_since, warned_at, disabled_at, disabled_why from webhooks where id = ${id}`
  return row
}
const emptyQueue = () => database.sql`delete from graphile_worker._private_jobs`
const jobsOf = (id: string) => database.sql<{ seconds: number }[]>`
  select extract(epoch from run_at - now())::float8 as seconds from graphile_worker.jobs where key = ${`webhook:${id}`}`

test('a message is verified by the library of the standard, and holds ids and numbers only', async () => {
  const { id, secret } = await endpoint()
  await database.db.transaction(async (tx) => {
    await insertChanges(tx, [{ businessId: sample.businessId, type: 'message.left', subjectId: sample.mia }])
  })
  // A position is given when no older transaction of the server is running, also of other tests.
  const place = { businessId: sample.businessId, after: 0, limit: 1 }
  await expect.poll(() => database.db.transaction((tx) => readChanges(tx, place))).toHaveLength(1)
  expect(await deliver(id)).toEqual({ state: 'ran', delivered: 1, failed: 0 })
  const [message] = receiver.received
  const body = new Webhook(secret).verify(message?.body ?? '', message?.headers ?? {})
  expect(body).toEqual({
    type: 'message.left',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: { id: sample.mia, position: 1 },
  })
  const [delivery] = await deliveriesOf(database, id)
  expect(delivery).toMatchObject({ id: message?.id, attempts: 1, delivered: true, last_status: 204, waits: null })
  expect(message?.headers).toMatchObject({ 'content-type': 'application/json' })
  expect(() => new Webhook(newSecret()).verify(message?.body ?? '', message?.headers ?? {})).toThrow('No matching')
})

test('while a secret is rotated both sign; afterwards the new one only', async () => {
  const { id, secret } = await endpoint()
  const next = newSecret()
  const rotate = (until: string) =>
    change(id, { secret: sealToken(next, id), previousSecret: sealToken(secret, id), previousSecretUntil: until })
  const accepts = (key: string) => {
    const message = receiver.received.at(-1)
    try {
      new Webhook(key).verify(message?.body ?? '', message?.headers ?? {})
      return true
    } catch {
      return false
    }
  }
  await rotate(new Date(Date.now() + 60_000).toISOString())
  await add(1)
  await deliver(id)
  expect([accepts(secret), accepts(next)]).toEqual([true, true])
  await rotate(new Date(Date.now() - 1000).toISOString())
  await add(1)
  await deliver(id)
  expect([accepts(secret), accepts(next)]).toEqual([false, true])
})

test('an endpoint gets the types it chose, and nothing of another business', async () => {
  const { id } = await endpoint({ types: ['hold.expired'] })
  const all = await endpoint()
  const other = await insertBusiness(database.db)
  await addChanges(database, { businessId: other.businessId, count: 1 })
  await add(1, 'hold.expired')
  await add(1, 'appointment.booked')
  expect(await deliveriesOf(database, id)).toHaveLength(1)
  expect(await deliveriesOf(database, all.id)).toHaveLength(2)
})

test.for<[string, Answer, { last_error: string; last_status: number | null }]>([
  [
    'a 500',
    (_, response) => response.writeHead(500).end('x'.repeat(1e6)),
    { last_error: 'answered', last_status: 500 },
  ],
  [
    'a redirect',
    (_, response) => response.writeHead(307, { location: '/other' }).end(),
    { last_error: 'redirected', last_status: 307 },
  ],
  ['no answer', () => {}, { last_error: 'timeout', last_status: null }],
  ['a dropped connection', (_, response) => response.destroy(), { last_error: 'broken', last_status: null }],
  [
    'an endless head',
    (_, response) => void response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1e6)}`),
    { last_error: 'broken', last_status: null },
  ],
])('%s is recorded, and tried again with the same id', async ([_, answer, expected]) => {
  const { id } = await endpoint()
  await add(1)
  receiver.answerWith(answer)
  expect(await deliver(id)).toMatchObject({ delivered: 0, failed: 1 })
  const [delivery] = await deliveriesOf(database, id)
  expect(delivery).toMatchObject({ attempts: 1, delivered: false, failed: false, ...expected })
  expect(delivery?.waits).toBeGreaterThan(3)
  expect(await webhookRow(id)).toMatchObject({ failing_since: expect.any(String), disabled_at: null })
  receiver.answerWith()
  await endWaits(database)
  expect(await deliver(id)).toMatchObject({ delivered: 1 })
  expect(new Set(receiver.received.map((message) => message.id))).toEqual(new Set([delivery?.id]))
  expect(receiver.received).toHaveLength(2)
  expect(await webhookRow(id)).toMatchObject({ failing_since: null })
})

test('a message is accepted when the head of the answer has come, whatever follows', async () => {
  const { id } = await endpoint()
  await add(1)
  receiver.answerWith((_, response) => response.writeHead(200).write('and so on'))
  await emptyQueue()
  expect(await deliver(id)).toMatchObject({ delivered: 1 })
  expect(await jobsOf(id), 'nothing is left to do').toEqual([])
})

test('a receiver that no process listens for is refused', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as { port: number }
  await new Promise((resolve) => closed.close(resolve))
  const { id } = await endpoint({ url: `http://127.0.0.1:${port}` })
  await add(1)
  await deliver(id)
  expect(await deliveriesOf(database, id)).toMatchObject([{ last_error: 'refused' }])
})

test('TLS is required of an https address', async () => {
  const { id } = await endpoint({ url: receiver.url.replace('http:', 'https:') })
  await add(1)
  await deliver(id)
  expect(await deliveriesOf(database, id)).toMatchObject([{ last_error: 'tls' }])
  expect(receiver.received).toEqual([])
})

test.for([
  ['seconds', '3600', 3600],
  ['a date', new Date(Date.now() + 7_200_000).toUTCString(), 7200],
  ['nonsense', 'soon', 5],
  ['a year', '31536000', 6 * 3600],
] as const)('Retry-After as %s is heeded within limits', async ([_, header, seconds]) => {
  const { id } = await endpoint()
  await add(1)
  receiver.answerWith((_, response) => response.writeHead(503, { 'retry-after': header }).end())
  await deliver(id)
  const [delivery] = await deliveriesOf(database, id)
  expect(delivery?.waits).toBeGreaterThan(seconds - 30)
  expect(delivery?.waits).toBeLessThan(seconds + 5)
})

test('410 ends the subscription; switched on again, what failed can be sent again', async () => {
  const { id } = await endpoint()
  await add(6)
  receiver.answerWith((_, response) => response.writeHead(410).end())
  await emptyQueue()
  await deliver(id)
  expect(await webhookRow(id)).toMatchObject({ disabled_why: 'gone' })
  const log = await database.sql`select actor, what, detail from activity where business_id = ${sample.businessId}`
  expect(log).toMatchObject([
    { actor: 'sophiie', what: 'webhook.switched-off', detail: expect.stringMatching(/no further/) },
  ])
  expect((await deliveriesOf(database, id)).every(({ failed, waits }) => failed && waits === null)).toBe(true)
  await add(1)
  expect(await deliveriesOf(database, id), 'nothing is added for it').toHaveLength(6)
  expect(await jobsOf(id)).toEqual([])
  receiver.answerWith()
  await change(id, { disabledAt: null, disabledWhy: null })
  const replay = { businessId: sample.businessId, webhookId: id, id: null }
  expect(await database.db.transaction((tx) => replayDeliveries(tx, replay))).toBe(6)
  expect(await deliver(id)).toMatchObject({ delivered: 6, failed: 0 })
})

test('a change that commits after its endpoint was switched off waits for nothing', async () => {
  const { id } = await endpoint()
  await add(1)
  await change(id, { disabledAt: new Date().toISOString() })
  expect(await deliver(id)).toMatchObject({ state: 'off' })
  expect(await deliveriesOf(database, id)).toMatchObject([{ failed: true, last_error: 'off', waits: null }])
})

test('a delivery is given up after its last attempt', async () => {
  const { id } = await endpoint()
  await add(2)
  const [first] = await deliveriesOf(database, id)
  await database.sql`update webhook_deliveries set attempts = ${mostAttempts - 1} where id = ${first?.id ?? ''}`
  receiver.answerWith((_, response) => response.writeHead(500).end())
  await deliver(id)
  expect(await deliveriesOf(database, id)).toMatchObject([
    { attempts: mostAttempts, failed: true, waits: null },
    { attempts: 1, failed: false, waits: expect.any(Number) },
  ])
})

test('an endpoint that is down is tried with a few messages, rests, and is tried again', async () => {
  const { id } = await endpoint()
  await add(30)
  receiver.answerWith((_, response) => response.destroy())
  await emptyQueue()
  expect(await deliver(id)).toMatchObject({ failed: 4 })
  expect(await deliver(id)).toMatchObject({ state: 'busy' })
  const [job] = await jobsOf(id)
  expect(job?.seconds).toBeGreaterThan(2)
  expect(receiver.received).toHaveLength(4)
  receiver.answerWith()
  await endWaits(database)
  expect(await deliver(id)).toMatchObject({ delivered: 30 })
})

test('failing for five days: the owners get one e-mail, and it is switched off', async () => {
  const { id } = await endpoint({ url: `${receiver.url}/secret-path` })
  await add(3)
  receiver.answerWith((_, response) => response.writeHead(500).end())
  await database.sql`update webhooks set failing_since = now() - interval '5 days' + interval '1 minute'`
  await deliver(id)
  expect(await webhookRow(id)).toMatchObject({ disabled_at: null })
  expect(mails).toEqual([])
  await endWaits(database)
  await deliver(id, { now: () => Date.now() + 120_000 })
  expect(await webhookRow(id)).toMatchObject({ disabled_why: 'failing', warned_at: expect.any(String) })
  expect(mails).toHaveLength(1)
  expect(mails[0]).toContain('has switched it off')
  expect(mails[0]).not.toContain('secret-path')
  expect((await deliveriesOf(database, id)).every(({ failed }) => failed)).toBe(true)
})

test('what is added while a job runs is sent by it or by the job that it queues', async () => {
  const { id } = await endpoint()
  await add(1)
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  receiver.answerWith(async (_, response) => {
    reached.resolve()
    await released.promise
    response.writeHead(204).end()
  })
  let time = Date.now()
  const running = deliver(id, { now: () => time })
  await reached.promise
  // Its turn is over.
  time += 60_000
  await add(1)
  // The job that the second change queued finds the first one running.
  await emptyQueue()
  expect(await deliver(id)).toMatchObject({ state: 'busy' })
  const [later] = await jobsOf(id)
  expect(later?.seconds).toBeGreaterThan(30)
  released.resolve()
  await running
  const [next] = await jobsOf(id)
  expect(next?.seconds).toBeLessThanOrEqual(0)
  expect(await deliver(id)).toMatchObject({ delivered: 1 })
  expect(receiver.received).toHaveLength(2)
})

test('a job for later does not postpone one for now, and one for now moves it forward', async () => {
  const { id } = await endpoint()
  const request = (seconds: number) => database.sql`select request_webhook(${id}, ${seconds})`
  const seconds = async () => (await jobsOf(id))[0]?.seconds ?? Number.NaN
  await request(3600)
  expect(await seconds()).toBeGreaterThan(3000)
  await request(0)
  const first = await seconds()
  expect(first).toBeLessThanOrEqual(0)
  await request(60)
  expect(await seconds()).toBeLessThanOrEqual(0)
})

test('a test goes to an endpoint with chosen types, and has no ids', async () => {
  const { id, secret } = await endpoint({ types: ['hold.expired'] })
  await database.db.transaction((tx) => insertTestDelivery(tx, { businessId: sample.businessId, webhookId: id }))
  await deliver(id)
  const [message] = receiver.received
  const body = new Webhook(secret).verify(message?.body ?? '', message?.headers ?? {})
  expect(body).toEqual({ type: 'webhook.test', timestamp: expect.any(String), data: {} })
})

test('a deleted endpoint has no work', async () => {
  expect(await deliver(randomUUID())).toMatchObject({ state: 'gone' })
})

test('at most four messages at once go to an endpoint', async () => {
  const { id } = await endpoint()
  await add(40)
  receiver.answerWith((_, response) => setTimeout(() => response.writeHead(204).end(), 5))
  await deliver(id)
  expect(receiver.received).toHaveLength(40)
  expect(receiver.mostOpen()).toBe(4)
})
