import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { type Asked, callApi } from '#testing/api/call.ts'
import type { Method } from '#testing/api/routes.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import type { Scope } from '../caller.ts'
import { newSecret } from '../keys/secret.ts'
import { limits } from '../limits.ts'

vi.mock('next/headers', () => ({ headers: async () => new Headers() }))

const database = ownDatabase()
let business: ApiBusiness
let other: ApiBusiness

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  business = await insertApiBusiness(database)
  other = await insertApiBusiness(database)
})
beforeEach(async () => {
  await database.sql`delete from rate_limits`
})

const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
const slots = '/slots?duration=60'

const freeTimes = async (key: string) => {
  const { value } = await callApi('GET', `${slots}&limit=100`, { key })
  return (value.slots as { start: string }[]).map(({ start }) => start)
}

describe('keys', () => {
  const wrong: Record<string, Asked['headers']> = {
    'no key': {},
    'another scheme': { authorization: `Basic ${btoa('a:b')}` },
    'a key without a scheme': { authorization: newSecret({ test: false }) },
    'an unknown key': { authorization: `Bearer ${newSecret({ test: false })}` },
    text: { authorization: 'Bearer x' },
    '10 kB': { authorization: `Bearer ${'x'.repeat(10_000)}` },
    'a session cookie': {
      cookie: `next-auth.session-token=${'a'.repeat(200)}; __Host-sophiie-business=${randomUUID()}`,
    },
  }
  test.each(Object.entries(wrong))('%s is answered with 401 and a challenge', async (_, headers) => {
    const refused = await callApi('GET', slots, { headers })
    expect(refused).toMatchObject({ status: 401, value: { code: 'unauthorized' } })
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="Sophiie"/)
  })

  test('the scheme is read in upper and lower case', async () => {
    const { secret } = await business.keyFor()
    expect(await callApi('GET', slots, { headers: { authorization: `bEARER ${secret}` } })).toMatchObject({
      status: 200,
    })
  })

  test('a revoked key is refused by the next request', async () => {
    const { id, secret } = await business.keyFor()
    expect(await callApi('GET', slots, { key: secret })).toMatchObject({ status: 200 })
    await business.revoke(id)
    expect(await callApi('GET', slots, { key: secret })).toMatchObject({ status: 401 })
  })

  test('guessing is limited per network, and a known key of that network is not', async () => {
    const { secret } = await business.keyFor()
    const from = (network: string, key = newSecret({ test: false })) =>
      callApi('GET', slots, { key, headers: { 'x-forwarded-for': `10.0.0.1, ${network}` } })
    for (let n = 0; n < 60; n++) expect((await from('203.0.113.9')).status).toBe(401)
    const refused = await from('203.0.113.9')
    expect(refused).toMatchObject({ status: 429, value: { code: 'rate-limited' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await from('203.0.113.9', secret)).toMatchObject({ status: 200 })
    expect(await from('198.51.100.1')).toMatchObject({ status: 401 })
  })
})

describe('limits', () => {
  const ask = async (key: string) => callApi('GET', '/changes?after=x', { key })

  test('reads of a key are refused while its tokens are used up; its writes and other keys are not', async () => {
    const { id, secret: key } = await business.keyFor()
    expect(await ask(key)).toMatchObject({ status: 400 })
    const used = await database.sql`
      update rate_limits set window_ends_at = now() + interval '1 hour' where key = ${`key:${id}:reads`} returning 1`
    expect(used).toHaveLength(1)
    const refused = await ask(key)
    expect(refused).toMatchObject({ status: 429, value: { code: 'rate-limited' } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await callApi('DELETE', `/holds/${randomUUID()}`, { key })).toMatchObject({ status: 404 })
    expect(await ask((await business.keyFor()).secret)).toMatchObject({ status: 400 })
    await database.sql`update rate_limits set window_ends_at = now() where key = ${`key:${id}:reads`}`
    expect(await ask(key)).toMatchObject({ status: 400 })
  })

  test('writes of a key have a budget of their own', async () => {
    const { id, secret: key } = await business.keyFor()
    const write = () => callApi('DELETE', `/holds/${randomUUID()}`, { key })
    expect(await write()).toMatchObject({ status: 404 })
    await database.sql`update rate_limits set window_ends_at = now() + interval '1 hour' where key = ${`key:${id}:writes`}`
    expect(await write()).toMatchObject({ status: 429 })
    expect(await ask(key)).toMatchObject({ status: 400 })
  })

  test('600 reads and 300 writes a minute, 60 of each at once', async () => {
    const { id, secret: key } = await business.keyFor()
    await ask(key)
    await callApi('DELETE', `/holds/${randomUUID()}`, { key })
    const left = async (kind: string, seconds: number) => {
      await database.sql`
        update rate_limits set window_ends_at = clock_timestamp() + make_interval(secs => ${seconds})
        where key = ${`key:${id}:${kind}`}`
      return (kind === 'reads' ? await ask(key) : await callApi('DELETE', `/holds/${randomUUID()}`, { key })).status
    }
    // Full again in so many seconds: without the last token, and with many.
    expect([await left('reads', 3600), await left('reads', 5)]).toEqual([429, 400])
    expect([await left('writes', 3600), await left('writes', 11)]).toEqual([429, 404])
    expect(limits).toEqual({ reads: { perMinute: 600, burst: 60 }, writes: { perMinute: 300, burst: 60 } })
  })
})

const scoped: [scope: Scope, method: Method, address: string, body?: object][] = [
  ['availability:read', 'GET', slots],
  ['availability:read', 'POST', '/context', {}],
  ['appointments:write', 'POST', '/holds', { start: '2027-03-01T10:00:00+11:00', duration: 60 }],
  ['appointments:write', 'POST', '/appointments', { start: '2027-03-01T10:00:00+11:00', duration: 60, customer }],
  ['appointments:write', 'PATCH', `/holds/${randomUUID()}`, { seconds: 60 }],
  ['appointments:write', 'DELETE', `/holds/${randomUUID()}`],
  ['appointments:write', 'PATCH', `/appointments/${randomUUID()}`, { notes: 'x' }],
  ['appointments:write', 'POST', '/messages', { phone: customer.phone, wish: 'x' }],
  ['appointments:cancel', 'POST', `/appointments/${randomUUID()}/cancel`, { proof: { surname: 'x' } }],
  ['appointments:read', 'GET', `/appointments/${randomUUID()}`],
  ['appointments:read', 'GET', '/changes'],
  ['appointments:read', 'POST', '/appointments/search', { phone: customer.phone }],
  ['customers:read', 'POST', '/appointments/search', { phone: customer.phone }],
  ['customers:read', 'POST', '/context', { phone: customer.phone }],
]
test.each(scoped)(
  'without %s, %s %s is forbidden, and the answer names the scope',
  async (scope, method, address, body) => {
    const all: Scope[] = ['availability:read', 'appointments:read', 'appointments:write', 'appointments:cancel']
    const scopes = [...all, 'customers:read' as const].filter((each) => each !== scope)
    const { secret: key } = await business.keyFor({ scopes })
    const refused = await callApi(method, address, { key, body, headers: { 'if-match': '"1"' } })
    expect(refused).toMatchObject({ status: 403, value: { code: 'forbidden' } })
    expect(refused.value.detail).toContain(scope)
  },
)

test('a key of some members and services sees and books only those', async () => {
  const { secret: all } = await business.keyFor()
  const { secret: mias } = await business.keyFor({ memberIds: [business.mia] })
  const { secret: taps } = await business.keyFor({ serviceIds: [business.serviceId] })
  const [start] = await freeTimes(all)
  const book = (key: string, body: object) =>
    callApi('POST', '/appointments', { key, body: { start, duration: 60, customer, ...body } })
  expect(await book(mias, { member: 'Tom' })).toMatchObject({ status: 403, value: { code: 'forbidden' } })
  const toms = await book(all, { member: 'Tom' })
  expect(await callApi('GET', `/appointments/${toms.value.id}`, { key: mias })).toMatchObject({ status: 404 })
  expect(await callApi('GET', `/appointments/${toms.value.id}`, { key: taps })).toMatchObject({ status: 404 })
  const found = await callApi('POST', '/appointments/search', { key: mias, body: { phone: customer.phone } })
  expect(found.value.appointments).toEqual([])
  expect(await book(taps, {})).toMatchObject({ status: 403 })
  expect(await book(taps, { service: 'Leaking tap' })).toMatchObject({ status: 201 })
})

describe('isolation', () => {
  test('ids of another business, and holds of another key, are not found by any route', async () => {
    const [own, theirs] = [await business.keyFor(), await other.keyFor()]
    const [start, later] = await freeTimes(theirs.secret)
    const made = await callApi('POST', '/appointments', { key: theirs.secret, body: { start, duration: 60, customer } })
    const hold = await callApi('POST', '/holds', { key: theirs.secret, body: { start: later, duration: 60 } })
    const before = await rowsOf()
    const [appointment, holdId] = [`/appointments/${made.value.id}`, hold.value.id]
    const key = own.secret
    const asked: [Method, string, object?][] = [
      ['GET', appointment],
      ['PATCH', appointment, { notes: 'mine' }],
      ['POST', `${appointment}/cancel`, { proof: { surname: 'Taylor' } }],
      ['PATCH', `/holds/${holdId}`, { seconds: 60 }],
      ['DELETE', `/holds/${holdId}`],
      ['POST', '/appointments', { hold: holdId, customer }],
      ['POST', '/appointments', { start, service: other.serviceId, customer }],
      ['POST', '/appointments', { start, duration: 60, member: other.mia, customer }],
      ['POST', '/holds', { start, service: other.serviceId }],
      ['POST', '/holds', { start, duration: 60, member: other.mia }],
      ['POST', '/messages', { phone: customer.phone, wish: 'x', service: other.serviceId }],
      ['GET', `/slots?service=${other.serviceId}`],
      ['GET', `/slots?duration=60&member=${other.mia}`],
    ]
    for (const [method, address, body] of asked) {
      const refused = await callApi(method, address, { key, body, headers: { 'if-match': '"1"' } })
      expect(refused.status, `${method} ${address}`).toBe(404)
    }
    const [sameBusiness] = [await other.keyFor()]
    expect(await callApi('DELETE', `/holds/${holdId}`, { key: sameBusiness.secret })).toMatchObject({ status: 404 })
    for (const [address, body] of [
      ['/context', { phone: customer.phone }],
      ['/appointments/search', { phone: customer.phone }],
    ] as const) {
      const { text } = await callApi('POST', address, { key, body })
      expect(text).not.toContain(made.value.id)
      expect(text).not.toContain(other.mia)
    }
    expect((await callApi('GET', '/changes', { key })).text).not.toContain(made.value.id)
    expect(await rowsOf()).toEqual(before)
  })

  const rowsOf = async () => {
    const { businessId } = other
    const [appointments, holds] = await Promise.all([
      database.sql`select * from appointments where business_id = ${businessId} order by id`,
      database.sql`select * from holds where business_id = ${businessId} order by id`,
    ])
    return { appointments: [...appointments], holds: [...holds] }
  }

  test('one Idempotency-Key of two keys is two requests', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    for (const of of [business, business, other]) {
      const { secret: key } = await of.keyFor()
      const answered = await callApi('POST', '/context', { key, body: {}, headers })
      expect(answered.headers.get('idempotent-replayed')).toBeNull()
    }
  })
})

describe('the log of calls', () => {
  const logged = async () =>
    await vi.waitFor(async () => {
      const rows = await database.sql`select * from api_requests where call_id = 'call_log' order by id`
      expect(rows).toHaveLength(4)
      return rows
    }, 10_000)

  test('has what was asked, answered and done, with neither secret nor proof', async () => {
    const { id: keyId, secret: key } = await business.keyFor()
    const headers = { 'x-call-id': 'call_log' }
    const start = (await freeTimes(key))[12]
    await callApi('GET', `${slots}&part=morning`, { key, headers })
    const body = { start, duration: 60, customer, notes: 'n'.repeat(4000), callId: 'call_log' }
    const { value: booked } = await callApi('POST', '/appointments', { key, body })
    const address = `/appointments/${booked.id}/cancel`
    await callApi('POST', address, { key, body: { proof: { surname: 'Jones' } }, headers })
    await callApi('POST', address, { key, body: { proof: { surname: 'Taylor' } }, headers })
    const rows = await logged()
    expect(rows.map(({ verb, outcome, api_key_id }) => ({ verb, outcome, api_key_id }))).toEqual(
      [
        ['find_times', 'ok'],
        ['book_appointment', 'ok'],
        ['cancel_appointment', 'proof-needed'],
        ['cancel_appointment', 'ok'],
      ].map(([verb, outcome]) => ({ verb, outcome, api_key_id: keyId })),
    )
    expect(rows[0]?.asked).toEqual({ duration: 60, limit: 20, member: 'any', part: 'morning' })
    expect(rows[1]).toMatchObject({ asked: { start, customer }, said: booked.say, appointment_id: booked.id })
    expect(rows[1]?.asked.notes).toHaveLength(500)
    expect(rows[2]?.asked).toEqual({ id: booked.id, proof: ['surname'], callId: 'call_log' })
    expect(rows[2]?.appointment_id).toBeNull()
    const text = JSON.stringify(rows.map(({ asked }) => asked))
    for (const word of [key, 'Jones', 'sk_live']) expect(text).not.toContain(word)
  })

  test('the use of a key is noted once a minute', async () => {
    const { id, secret: key } = await business.keyFor()
    const usedAt = async () =>
      (await database.sql`select last_used_at::text as at from api_keys where id = ${id}`)[0]?.at
    await callApi('GET', slots, { key })
    const first = await vi.waitFor(async () => {
      const at = await usedAt()
      expect(at).not.toBeNull()
      return at
    }, 10_000)
    for (let n = 0; n < 5; n++) await callApi('GET', slots, { key })
    expect(await usedAt()).toBe(first)
    await database.sql`update api_keys set last_used_at = now() - interval '61 seconds' where id = ${id}`
    await callApi('GET', slots, { key })
    await vi.waitFor(async () => expect(Date.parse(await usedAt())).toBeGreaterThan(Date.parse(first)), 10_000)
  })
})
