import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertChanges } from '#db/queries/changes.ts'
import { schedule } from '#lib/jobs/schedule.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addEndpoint, endWaits } from '#testing/receptionist/endpoints.ts'
import { type Answer, startReceiver } from '#testing/receptionist/receiver.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { processTimeoutMs, startWorkerProcess, until } from '#testing/worker-process.ts'

/** Deliveries by the real worker, to receivers that fail. */

const database = ownDatabase()
let own: SampleBusiness
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(() => {
  setEnvironment(database, { url: 'http://localhost:1' })
  process.env.WEBHOOKS_TO_LOOPBACK = 'on'
})
beforeEach(async () => {
  own = await insertBusiness(database.db)
  receiver = await startReceiver()
})
afterEach(() => receiver.stop())

const add = async (count: number) => {
  const change = () => ({ businessId: own.businessId, type: 'appointment.booked', subjectId: randomUUID() })
  for (let n = 0; n < count; n += 50)
    await database.db.transaction((tx) => insertChanges(tx, Array.from({ length: Math.min(50, count - n) }, change)))
}

const waiting = async () => {
  const [row] = await database.sql<{ count: number }[]>`
    select count(*)::int as count from webhook_deliveries where next_attempt_at is not null`
  return row?.count ?? 0
}

/** As time passes: retries and rests end, and the tick comes. */
const passTime = async () => {
  await endWaits(database)
  await schedule(database)
}

/** As after the lease of a killed process. */
const endLeases = () => database.sql`delete from leases`

const isRunning = (worker: ReturnType<typeof startWorkerProcess>) =>
  until('the worker runs', () => worker.output().includes('"event":"worker.started"'))

/** Three of ten first attempts fail, each in another way. */
const failing: Answer = ({ id }, response, nth) => {
  const chance = Number.parseInt(id.slice(0, 6), 16) % 10
  if (nth > 1 || chance > 2) return response.writeHead(200).end('ok')
  const kind = Number.parseInt(id.slice(9, 13), 16) % 6
  if (kind === 0) return response.destroy()
  if (kind === 1) return response.writeHead(301, { location: '/elsewhere' }).end()
  if (kind === 2) return response.writeHead(429, { 'retry-after': '120' }).end()
  if (kind === 3) return setTimeout(() => response.destroy(), 50)
  return response.writeHead(kind === 4 ? 500 : 404).end('x'.repeat(10_000))
}

const subjectOf = (body: string): string => JSON.parse(body).data.id

test('600 messages to a receiver that fails three times of ten: all arrive, over kill -9', {
  timeout: processTimeoutMs,
}, async () => {
  const count = 600
  const { id, secret } = await addEndpoint(database, { businessId: own.businessId, url: receiver.url })
  receiver.answerWith(failing)
  await add(count)
  const crashing = startWorkerProcess()
  await until('the first messages have come', () => receiver.received.length > 100)
  crashing.kill()
  await crashing.ended
  const left = await waiting()
  expect(left).toBeGreaterThan(0)
  await endLeases()
  const worker = startWorkerProcess()
  await isRunning(worker)
  await passTime()
  await until('nothing waits', async () => {
    await passTime()
    return (await waiting()) === 0
  })
  expect(await worker.stop(), worker.output()).toBe(0)

  const deliveries = await database.sql`
    select id, delivered_at is not null as arrived from webhook_deliveries where webhook_id = ${id}`
  expect(deliveries).toHaveLength(count)
  expect(deliveries.every(({ arrived }) => arrived)).toBe(true)
  expect(new Set(receiver.received.map((message) => message.id))).toEqual(new Set(deliveries.map((row) => row.id)))
  const subjects = new Map<string, string>()
  const verifier = new Webhook(secret)
  for (const { id: messageId, body, headers } of receiver.received) {
    verifier.verify(body, headers)
    const subject = subjectOf(body)
    expect(subjects.get(messageId) ?? subject, 'the same message again').toBe(subject)
    subjects.set(messageId, subject)
  }
  expect(new Set(subjects.values()).size).toBe(count)
  const repeated = receiver.received.length - count
  expect(repeated, 'those that failed, and at most a few that the crash repeated').toBeLessThan(count * 0.4)
})

test('a message that was sent and not recorded before the crash comes again with the same id', {
  timeout: processTimeoutMs,
}, async () => {
  await addEndpoint(database, { businessId: own.businessId, url: receiver.url })
  const crashing = startWorkerProcess()
  await isRunning(crashing)
  receiver.answerWith((_, response) => {
    crashing.kill()
    response.writeHead(200).end()
  })
  await add(1)
  expect(await crashing.ended, crashing.output()).toBe('SIGKILL')
  receiver.answerWith()
  await endLeases()
  const worker = startWorkerProcess()
  await isRunning(worker)
  await passTime()
  await until('it has arrived', async () => (await waiting()) === 0)
  expect(await worker.stop(), worker.output()).toBe(0)
  expect(receiver.received).toHaveLength(2)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
  expect(new Set(receiver.received.map(({ body }) => subjectOf(body))).size).toBe(1)
})

test('receivers that never answer delay no other one', { timeout: processTimeoutMs }, async () => {
  const silent = await startReceiver()
  silent.answerWith(() => {})
  for (let n = 0; n < 8; n++) await addEndpoint(database, { businessId: own.businessId, url: silent.url })
  await addEndpoint(database, { businessId: own.businessId, url: receiver.url })
  const worker = startWorkerProcess()
  await isRunning(worker)
  await add(1)
  await until('the others wait', () => silent.received.length >= 8)
  await add(20)
  await until('the healthy one has everything', () => receiver.received.length >= 21)
  expect(silent.received, 'one message each, which is still waited for').toHaveLength(8)
  const [ended] = await database.sql`
    select from webhook_deliveries d join webhooks w on w.id = d.webhook_id where w.url = ${silent.url} and d.attempts > 0`
  expect(ended).toBeUndefined()
  worker.kill()
  await worker.ended
  await silent.stop()
})
