import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { type Asked, callApi } from '#testing/api/call.ts'
import type { Method } from '#testing/api/routes.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'

vi.mock('next/headers', () => ({ headers: async () => new Headers() }))

const database = ownDatabase()
let business: ApiBusiness
let key: string

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  business = await insertApiBusiness(database)
})

/** Each test has a key of its own, and so its own limits. */
const withKey = (work: () => Promise<void>) => async () => {
  const made = await business.keyFor()
  key = made.secret
  await work()
  await business.revoke(made.id)
}

const call = (method: Method, address: string, asked: Asked = {}) => callApi(method, address, { key, ...asked })
const post = (address: string, body: unknown, headers?: Asked['headers']) => call('POST', address, { body, headers })

const customer = { name: 'Alex Taylor', phone: '0412 345 678' }
type Slot = { start: string }

/** Free times of the next days, the nth. */
const freeTime = async (nth = 0): Promise<string> => {
  const { value } = await call('GET', '/slots?duration=60&limit=100')
  return (value.slots as Slot[])[nth]?.start ?? ''
}

const book = async (start: string, more: object = {}, headers?: Asked['headers']) =>
  post('/appointments', { start, duration: 60, customer, ...more }, headers)

test(
  'the main path: context, slots, hold, booking, search, change, cancellation, changes',
  withKey(async () => {
    const context = await post('/context', { phone: customer.phone })
    expect(context).toMatchObject({ status: 200, value: { zone: 'Australia/Sydney', bookingAllowed: true } })
    const { value: found } = await call('GET', '/slots?service=Leaking%20tap&member=any&limit=5')
    const [slot, later] = found.slots as Slot[]
    const hold = await post('/holds', { start: slot?.start, service: 'Leaking tap', seconds: 60 })
    expect(hold).toMatchObject({ status: 201, value: { start: slot?.start } })
    expect(hold.headers.get('location')).toBe(`/api/v1/holds/${hold.value.id}`)
    expect(await call('PATCH', `/holds/${hold.value.id}`, { body: { seconds: 600 } })).toMatchObject({ status: 200 })

    const booked = await post('/appointments', { hold: hold.value.id, customer, callId: 'call_1' })
    expect(booked).toMatchObject({ status: 201, value: { status: 'booked', revision: 1, callId: 'call_1' } })
    const address = `/appointments/${booked.value.id}`
    expect(booked.headers.get('location')).toBe(`/api/v1${address}`)
    expect(booked.headers.get('etag')).toBe('"1"')
    const again = await post('/appointments', { hold: hold.value.id, customer, callId: 'call_1' })
    expect(again).toMatchObject({ status: 200, value: { id: booked.value.id, alreadyBooked: true } })
    expect(again.headers.get('location')).toBeNull()

    const search = await post('/appointments/search', { phone: '+61 412 345 678' })
    expect(search.value.appointments).toMatchObject([{ id: booked.value.id }])
    const read = await call('GET', address)
    expect(read.headers.get('etag')).toBe('"1"')

    const change = { start: later?.start }
    expect(await call('PATCH', address, { body: change })).toMatchObject({ status: 428 })
    const ifMatch = (revision: string) => call('PATCH', address, { body: change, headers: { 'if-match': revision } })
    expect(await ifMatch('"7"')).toMatchObject({ status: 412, value: { code: 'revision-mismatch' } })
    expect(await ifMatch('"x"')).toMatchObject({ status: 412, value: { code: 'revision-mismatch' } })
    expect(await ifMatch('*')).toMatchObject({ status: 428, value: { code: 'revision-missing' } })
    const moved = await ifMatch('"1"')
    expect(moved).toMatchObject({ status: 200, value: { start: later?.start, revision: 2 } })
    expect(moved.headers.get('etag')).toBe('"2"')

    const cancel = (proof: object) => post(`${address}/cancel`, { proof })
    expect(await cancel({ surname: 'Jones' })).toMatchObject({ status: 403, value: { code: 'proof-needed' } })
    expect(await cancel({ phoneLast4: '5678' })).toMatchObject({ status: 200, value: { status: 'cancelled' } })

    // A change is listed once every older transaction of the server has ended.
    await expect.poll(async () => (await call('GET', '/changes?after=0')).value).toMatchObject({ next: 3 })
    const { value: changes } = await call('GET', '/changes?after=0&limit=2')
    expect(changes).toMatchObject({
      changes: [
        { position: 1, type: 'appointment.booked', id: booked.value.id, revision: 1 },
        { position: 2, type: 'appointment.changed', id: booked.value.id, revision: 2 },
      ],
      next: 2,
    })
    const { value: rest } = await call('GET', `/changes?after=${changes.next}`)
    expect(rest).toMatchObject({ changes: [{ position: 3, type: 'appointment.cancelled' }], next: 3 })
    expect((await call('GET', '/changes?after=3')).value).toEqual({ changes: [], next: 3 })
  }),
)

test(
  'a hold can be released, and its time is free again',
  withKey(async () => {
    const start = await freeTime()
    const hold = await post('/holds', { start, duration: 60, member: 'Mia' })
    expect(await book(start, { member: 'Mia' })).toMatchObject({ status: 409, value: { code: 'taken' } })
    expect(await call('DELETE', `/holds/${hold.value.id}`)).toMatchObject({ status: 200 })
    expect(await book(start, { member: 'Mia' })).toMatchObject({ status: 201 })
  }),
)

test(
  'a time that is taken comes with three alternatives',
  withKey(async () => {
    const start = await freeTime(40)
    for (const n of [1, 2, 3]) await book(start, { customer: { name: 'Jo', phone: `041234567${n}` } })
    const refused = await book(start)
    expect(refused).toMatchObject({ status: 409, value: { code: 'taken', type: '/help/api#taken' } })
    expect(refused.value.alternatives).toHaveLength(3)
  }),
)

test(
  'a message is made, and with a test key none is stored',
  withKey(async () => {
    const message = { name: 'Alex', phone: customer.phone, wish: 'A Sunday visit.' }
    const left = await post('/messages', message)
    expect(left).toMatchObject({ status: 201 })
    const { secret } = await business.keyFor({ test: true })
    await callApi('POST', '/messages', { key: secret, body: message })
    const rows = await database.sql`select id from messages where business_id = ${business.businessId}`
    expect(rows.map(({ id }) => id)).toEqual([left.value.id])
  }),
)

test(
  'what a test key books is no appointment of the business',
  withKey(async () => {
    const { secret } = await business.keyFor({ test: true })
    expect(secret).toMatch(/^sk_test_/)
    const body = { start: await freeTime(20), duration: 60, customer }
    const booked = await callApi('POST', '/appointments', { key: secret, body })
    expect(booked.status).toBe(201)
    expect(await call('GET', `/appointments/${booked.value.id}`)).toMatchObject({ status: 404 })
    expect(await callApi('GET', `/appointments/${booked.value.id}`, { key: secret })).toMatchObject({ status: 200 })
  }),
)

describe('methods and addresses', () => {
  const allowed = {
    '/context': 'POST',
    '/slots': 'GET, HEAD',
    '/holds': 'POST',
    '/appointments': 'POST',
    '/appointments/search': 'POST',
    '/messages': 'POST',
    '/changes': 'GET, HEAD',
    '/openapi.json': 'GET, HEAD',
    [`/holds/${randomUUID()}`]: 'PATCH, DELETE',
    [`/appointments/${randomUUID()}`]: 'GET, PATCH, HEAD',
    [`/appointments/${randomUUID()}/cancel`]: 'POST',
  }
  test.each(Object.entries(allowed))('%s allows %s and refuses the others with 405', async (address, allow) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      if (allow.includes(method)) continue
      const { status, headers, value } = await callApi(method, address)
      expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow })
      if (address !== '/openapi.json') expect(value.code).toBe('method-not-allowed')
    }
    expect((await callApi('OPTIONS', address)).headers.get('allow')).toBe(allow)
  })

  test.each(['/nothing', '/appointments/x/y/z', '/'])('%s does not exist', async (address) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
      expect(await callApi(method, address)).toMatchObject({ status: 404, value: { code: 'not-found' } })
  })

  test.each(['1', 'me', `${randomUUID()}x`, '%00', "'; drop table x; --", 'x'.repeat(2000)])(
    'the id %j is not found',
    (id) =>
      withKey(async () => {
        const at = encodeURIComponent(id)
        const headers = { 'if-match': '"1"' }
        expect(await call('GET', `/appointments/${at}`)).toMatchObject({ status: 404 })
        expect(await call('PATCH', `/appointments/${at}`, { body: {}, headers })).toMatchObject({ status: 404 })
        expect(await post(`/appointments/${at}/cancel`, { proof: { surname: 'x' } })).toMatchObject({ status: 404 })
        expect(await call('PATCH', `/holds/${at}`, { body: { seconds: 60 } })).toMatchObject({ status: 404 })
        expect(await call('DELETE', `/holds/${at}`)).toMatchObject({ status: 404 })
      })(),
  )

  test('the document is public', async () => {
    const { status, value } = await callApi('GET', '/openapi.json')
    expect({ status, version: value.openapi }).toEqual({ status: 200, version: '3.1.0' })
    expect(value.servers).toEqual([{ url: 'http://localhost:3999/api/v1' }])
  })
})

describe('bad input', () => {
  const bodies: Record<string, [body: object, field: string, code?: string]> = {
    'a date that does not exist': [{ start: '2027-02-30T10:00:00+11:00' }, 'start', 'no-such-time'],
    'an hour that does not exist': [{ start: '2027-03-01T25:00:00+11:00' }, 'start', 'no-such-time'],
    'a time without an offset': [{ start: '2027-03-01T10:00:00' }, 'start'],
    'a start in words': [{ start: 'tomorrow' }, 'start'],
    'half minutes': [{ start: '2027-03-01T10:00:30+11:00' }, 'start', 'no-such-time'],
    'a fraction of a minute': [{ duration: 7.5 }, 'duration'],
    'a duration as text': [{ duration: '60' }, 'duration'],
    'no duration and no service': [{ duration: undefined }, 'service'],
    'an unknown field': [{ colour: 'red' }, 'colour'],
    'an unknown field of the customer': [{ customer: { ...customer, vip: true } }, 'customer.vip'],
    'no customer': [{ customer: undefined }, 'customer'],
    'a blank name': [{ customer: { ...customer, name: ' \u200b ' } }, 'customer.name'],
    'a phone number with letters': [{ customer: { ...customer, phone: '0412 FLOWER' } }, 'phone', 'bad-phone'],
    'an e-mail address without a domain': [{ customer: { ...customer, email: 'alex@' } }, 'customer.email'],
    'notes of 10 kB': [{ notes: 'x'.repeat(10_000) }, 'notes'],
    'a NUL': [{ notes: 'a\0b' }, 'notes'],
    'half of a surrogate pair': [{ title: 'a\ud83d' }, 'title'],
    'a hold that is no id': [{ hold: 'x' }, 'hold'],
    'prototype pollution': [JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}'), 'constructor'],
  }
  test.each(Object.entries(bodies))('%s is refused in words, and nothing is booked', (_, [body, field, code]) =>
    withKey(async () => {
      const before = await database.sql`select count(*) from appointments`
      const start = await freeTime(30)
      const refused = await book(start, body)
      expect(refused).toMatchObject({ status: 400, value: { code: code ?? 'invalid' } })
      expect(refused.value.fields).toHaveProperty([field])
      expect(await database.sql`select count(*) from appointments`).toEqual(before)
    })(),
  )

  test.each(['[]', '"x"', 'null', '1', ''])('the body %j is refused', (raw) =>
    withKey(async () => {
      expect(await call('POST', '/appointments', { raw })).toMatchObject({ status: 400 })
    })(),
  )

  const queries = {
    'duration=1.5': 'duration',
    'duration=x': 'duration',
    'duration=60&duration=30': 'duration',
    'duration=60&limit=0': 'limit',
    'duration=60&from=2027-02-30': 'from',
    'duration=60&from=2027-03-05&to=2027-03-01': 'to',
    'duration=60&from=2027-01-01&to=2029-01-01': 'to',
    'duration=60&part=noon': 'part',
    'duration=60&colour=red': 'colour',
    'service=%00': 'service',
    '': 'service',
  }
  test.each(Object.entries(queries))('slots of ?%s are refused', (query, field) =>
    withKey(async () => {
      const refused = await call('GET', `/slots?${query}`)
      expect(refused.status).toBe(400)
      expect(refused.value.fields).toHaveProperty([field])
    })(),
  )

  test(
    'RTL marks and markup are kept as text',
    withKey(async () => {
      const name = '<script>alert(1)</script> \u202eRTL'
      const booked = await book(await freeTime(33), { customer: { ...customer, name } })
      expect(booked).toMatchObject({ status: 201, value: { customer: { name } } })
    }),
  )
})

describe('bodies', () => {
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined]
  test.each(types)('the content type %s is refused with 415', (type) =>
    withKey(async () => {
      const raw = new TextEncoder().encode('{"phone": "0412345678"}')
      const refused = await call('POST', '/context', { raw, headers: { 'content-type': type } })
      expect(refused).toMatchObject({ status: 415, value: { code: 'unsupported-media-type' } })
    })(),
  )

  test(
    'JSON with a charset is accepted',
    withKey(async () => {
      const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
      expect(await call('POST', '/context', { raw: '{}', headers })).toMatchObject({ status: 200 })
    }),
  )

  test(
    'more than 64 KB is refused, with and without a length, before all of it is read',
    withKey(async () => {
      expect(await call('POST', '/context', { raw: '{}', headers: { 'content-length': '65537' } })).toMatchObject({
        ...{ status: 413, value: { code: 'too-large' } },
      })
      let sent = 0
      const raw = new ReadableStream({
        pull: (controller) => {
          controller.enqueue(new Uint8Array(16_384).fill(32))
          if (++sent === 1000) controller.close()
        },
      })
      expect(await call('POST', '/context', { raw })).toMatchObject({ status: 413 })
      expect(sent).toBeLessThan(10)
    }),
  )

  test.each([
    ['malformed', new TextEncoder().encode('{"phone": ')],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])('JSON that is %s is refused with 400', (_, raw) =>
    withKey(async () => {
      const refused = await call('POST', '/context', { raw })
      expect(refused).toMatchObject({ status: 400, value: { code: 'invalid' } })
    })(),
  )
})
