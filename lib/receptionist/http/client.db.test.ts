import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import createClient from 'openapi-fetch'
import { beforeAll, expect, test } from 'vitest'
import * as agent from '#app/api/v1/agent/[tool]/route.ts'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { firstLine } from '#testing/api/client/document.ts'
import type { paths } from '#testing/api/client/schema.d.ts'
import { type Method, routeOf } from '#testing/api/routes.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'

/** A client made from the document by `openapi-typescript`; the type check compiles it. */

const database = ownDatabase()
let business: ApiBusiness

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  business = await insertApiBusiness(database)
})

test('the types are those of the document; `npm run docs:client` makes them', async () => {
  const types = await readFile('testing/api/client/schema.d.ts', 'utf8')
  expect(types.split('\n')[0]).toBe(firstLine())
})

const clientOf = (key: string) =>
  createClient<paths>({
    baseUrl: 'http://localhost:3999/api/v1',
    headers: { authorization: `Bearer ${key}` },
    fetch: (request) => {
      const path = new URL(request.url).pathname.replace('/api/v1', '')
      const tool = path.match(/^\/agent\/(\w+)$/)?.[1]
      if (tool) return agent.POST(request, { params: Promise.resolve({ tool }) })
      const { handlers, context } = routeOf(path)
      return handlers[request.method as Method](request, context)
    },
  })

const header = () => ({ header: { 'Idempotency-Key': randomUUID() } })
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }

test('the main path runs with it', async () => {
  const { GET, POST, PATCH, DELETE } = clientOf((await business.keyFor()).secret)
  const context = await POST('/context', { params: header(), body: { phone: customer.phone } })
  expect(context.data?.zone).toBe('Australia/Sydney')
  const slots = await GET('/slots', { params: { query: { service: 'Leaking tap', limit: 5 } } })
  const [slot, later] = slots.data?.slots ?? []
  if (!slot || !later) throw new Error('There is no time.')
  const hold = await POST('/holds', { params: header(), body: { start: slot.start, service: 'Leaking tap' } })
  const booked = await POST('/appointments', { params: header(), body: { hold: hold.data?.id, customer } })
  const { id = '', revision } = booked.data ?? {}
  expect(booked.response.status).toBe(201)
  const found = await POST('/appointments/search', { params: header(), body: { phone: customer.phone } })
  expect(found.data?.appointments.map((each) => each.id)).toEqual([id])
  const moved = await PATCH('/appointments/{id}', {
    params: { path: { id }, header: { 'If-Match': `"${revision}"` } },
    body: { start: later.start },
  })
  expect(moved.data).toMatchObject({ start: later.start, revision: 2 })
  const wrong = await POST('/appointments/{id}/cancel', {
    params: { path: { id }, ...header() },
    body: { proof: { surname: 'Jones' } },
  })
  expect(wrong.error?.code).toBe('proof-needed')
  const cancelled = await POST('/appointments/{id}/cancel', {
    params: { path: { id }, ...header() },
    body: { proof: { reference: booked.data?.reference } },
  })
  expect(cancelled.data?.status).toBe('cancelled')
  expect((await GET('/appointments/{id}', { params: { path: { id } } })).data?.revision).toBe(3)
  expect((await DELETE('/holds/{id}', { params: { path: { id: hold.data?.id ?? '' } } })).response.status).toBe(200)
  // A change is listed once every older transaction of the server has ended.
  const typesOf = async () =>
    (await GET('/changes', { params: { query: { after: 0 } } })).data?.changes.map(({ type }) => type)
  await expect.poll(typesOf).toEqual(['appointment.booked', 'appointment.changed', 'appointment.cancelled'])
})

test('a call runs with the agent tools', async () => {
  const { POST } = clientOf((await business.keyFor()).secret)
  const found = await POST('/agent/find_times', { body: { service: 'Leaking tap', part: 'afternoon' } })
  const [at] = found.data?.slots ?? []
  if (!at) throw new Error(found.data?.say)
  const { date, weekday, time } = at
  const held = await POST('/agent/hold_time', { body: { date, weekday, time, service: 'Leaking tap' } })
  const booked = await POST('/agent/book_appointment', {
    body: { hold: held.data?.hold, ...customer, callId: 'call-1' },
  })
  expect(booked.data).toMatchObject({ ok: true, appointment: { date, weekday, time } })
  const closed = await POST('/agent/book_appointment', {
    body: { date, weekday, time: '3 am', duration: 60, ...customer },
  })
  expect(closed.data).toMatchObject({ ok: false, code: 'closed' })
  expect(closed.data?.alternatives?.map((each) => each.weekday)).toHaveLength(3)
  const wrong = await POST('/agent/hold_time', { body: { date, weekday: 'Someday', time, duration: 60 } })
  expect([wrong.data?.code, wrong.data?.fields]).toEqual(['invalid', { weekday: expect.any(String) }])
  const cancelled = await POST('/agent/cancel_appointment', {
    body: { appointment: booked.data?.appointment?.id, reference: booked.data?.appointment?.reference },
  })
  expect(cancelled.data?.ok).toBe(true)
  const unknown = await clientOf('sk_live_x').POST('/agent/get_context', { body: {} })
  expect(unknown.error?.code).toBe('unauthorized')
})

test('a request without its Idempotency-Key does not compile', async () => {
  const { POST } = clientOf((await business.keyFor()).secret)
  // @ts-expect-error: Idempotency-Key is required.
  expect((await POST('/context', { params: { header: {} }, body: {} })).response.status).toBe(400)
})
