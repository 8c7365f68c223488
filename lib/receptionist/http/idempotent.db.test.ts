import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { type Asked, callApi } from '#testing/api/call.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'

vi.mock('next/headers', () => ({ headers: async () => new Headers() }))

const database = ownDatabase()
let business: ApiBusiness
let key: string
let start: string

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
})
beforeEach(async () => {
  business = await insertApiBusiness(database)
  key = (await business.keyFor()).secret
  const { value } = await callApi('GET', '/slots?duration=60', { key })
  start = (value.slots as { start: string }[])[0]?.start ?? ''
})

const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
const booking = () => ({ start, duration: 60, customer })
const post = (address: string, idempotencyKey: string | undefined, asked: Asked = { body: booking() }) =>
  callApi('POST', address, { key, ...asked, headers: { 'idempotency-key': idempotencyKey } })
const book = (idempotencyKey: string | undefined, body: object = booking()) =>
  post('/appointments', idempotencyKey, { body })
const countAppointments = async () =>
  (await database.sql`select id from appointments where business_id = ${business.businessId}`).length

test.each([
  '/context',
  '/holds',
  '/appointments',
  '/appointments/search',
  `/appointments/${randomUUID()}/cancel`,
  '/messages',
])('POST %s without a key is refused', async (address) => {
  const bodies: Record<string, object> = {
    '/context': {},
    '/holds': { start, duration: 60 },
    '/appointments': booking(),
    '/appointments/search': { phone: customer.phone },
    '/messages': { phone: customer.phone, wish: 'x' },
  }
  const body = bodies[address] ?? { proof: { surname: 'x' } }
  for (const wrong of [undefined, '', 'x'.repeat(256), 'a b'])
    expect(await post(address, wrong, { body })).toMatchObject({ status: 400, value: { code: 'idempotency-missing' } })
  expect(await countAppointments()).toBe(0)
})

test('the same request gets the same answer, with its headers', async () => {
  const id = randomUUID()
  const [first, second] = [await book(id), await book(id)]
  expect(first).toMatchObject({ status: 201 })
  expect(second).toMatchObject({ status: first.status, text: first.text })
  for (const name of ['location', 'etag', 'content-type'])
    expect(second.headers.get(name)).toBe(first.headers.get(name))
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect(await countAppointments()).toBe(1)
})

test('a refusal is repeated as well', async () => {
  const { member: _, ...taken } = { ...booking(), member: 'Mia' }
  for (const n of [1, 2, 3]) await book(randomUUID(), { ...taken, customer: { name: 'Jo', phone: `041234567${n}` } })
  const id = randomUUID()
  const [first, second] = [await book(id), await book(id)]
  expect(first).toMatchObject({ status: 409, value: { code: 'taken' } })
  expect(second).toMatchObject({ status: 409, text: first.text })
  expect(second.headers.get('content-type')).toBe('application/problem+json')
})

test('another body or another address under the same key is refused', async () => {
  const id = randomUUID()
  await book(id)
  const other = await book(id, { ...booking(), notes: 'x' })
  expect(other).toMatchObject({ status: 422, value: { code: 'idempotency-mismatch' } })
  expect(await post('/context', id, { body: booking() })).toMatchObject({ status: 400 })
  expect(await post('/context', id, { body: {} })).toMatchObject({ status: 422 })
  expect(await countAppointments()).toBe(1)
})

test('an invalid request does not use up its key', async () => {
  const id = randomUUID()
  expect(await book(id, { ...booking(), duration: 'x' })).toMatchObject({ status: 400 })
  expect(await book(id)).toMatchObject({ status: 201 })
})

/** As if the process had died while the request ran. */
const die = (id: string, secondsLeft: number) => database.sql`
  update idempotency_keys set status = null, body = null,
    locked_until = clock_timestamp() + make_interval(secs => ${secondsLeft}) where key = ${id}`

test('while a request runs, the same one is refused for a moment', async () => {
  const id = randomUUID()
  await book(id)
  await die(id, 5)
  const refused = await book(id)
  expect(refused).toMatchObject({ status: 409, value: { code: 'idempotency-running' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a process that died loses its key, and the repeated request finds what was booked', async () => {
  const id = randomUUID()
  const first = await book(id)
  await die(id, -1)
  const again = await book(id)
  expect(again).toMatchObject({ status: 200, value: { id: first.value.id, alreadyBooked: true } })
  expect(await book(id)).toMatchObject({ status: 200, text: again.text })
  expect(await countAppointments()).toBe(1)
})

test('the lock of a request lasts at most ten seconds', async () => {
  const id = randomUUID()
  await book(id)
  const [row] = await database.sql`
    select extract(epoch from locked_until - created_at)::float8 as seconds from idempotency_keys where key = ${id}`
  expect(row?.seconds).toBeGreaterThan(5)
  expect(row?.seconds).toBeLessThan(11)
})

test('an answer is kept for 24 hours', async () => {
  const id = randomUUID()
  await book(id)
  await database.sql`update idempotency_keys set created_at = now() - interval '23 hours 59 minutes' where key = ${id}`
  expect((await book(id)).headers.get('idempotent-replayed')).toBe('true')
  await database.sql`update idempotency_keys set created_at = now() - interval '24 hours 1 minute' where key = ${id}`
  expect((await book(id)).headers.get('idempotent-replayed')).toBeNull()
})

test('what may succeed later is not kept: switched off, forbidden, out of order', async () => {
  const id = randomUUID()
  const may = (value: boolean) =>
    database.sql`update businesses set receptionist_may_book = ${value} where id = ${business.businessId}`
  await may(false)
  expect(await book(id)).toMatchObject({ status: 403, value: { code: 'switched-off' } })
  await may(true)
  await database.sql`alter table test_appointments rename to away`
  await database.sql`alter table services rename to services_away`
  const failed = await book(id)
  await database.sql`alter table services_away rename to services`
  await database.sql`alter table away rename to test_appointments`
  expect(failed).toMatchObject({ status: 503, value: { code: 'unavailable' } })
  expect(failed.headers.get('retry-after')).toBe('2')
  expect(await book(id)).toMatchObject({ status: 201 })
})

test('200 requests at once under one key make one appointment', async () => {
  const id = randomUUID()
  const all = await Promise.all(Array.from({ length: 200 }, () => book(id)))
  const statuses = Object.groupBy(all, ({ status }) => status)
  expect(statuses[201]?.length).toBeGreaterThan(0)
  expect(new Set(statuses[201]?.map(({ text }) => text)).size).toBe(1)
  expect(Object.keys(statuses).every((status) => ['201', '409', '429'].includes(status))).toBe(true)
  expect(await countAppointments()).toBe(1)
  expect(await book(id).then(({ status }) => [201, 429].includes(status))).toBe(true)
})
