import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import { startGoogle } from '../server.ts'
import { control } from '../testing.ts'

const email = 'olive@example.com'
const timed = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }

let received: IncomingHttpHeaders[] = []
let statuses: number[] = []
let onReceived: (() => void) | undefined

const webhook = createServer((request, response) => {
  received.push(request.headers)
  response.writeHead(statuses.shift() ?? 200).end()
  onReceived?.()
})
await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve))
const address = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/webhook`
const google = await startGoogle()
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  received = []
  statuses = []
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
})
afterAll(async () => {
  await google.stop()
  webhook.close()
})

/** Resolves with the headers of all notifications once `count` have arrived. */
function notifications(count: number): Promise<IncomingHttpHeaders[]> {
  return new Promise((resolve) => {
    onReceived = () => {
      if (received.length >= count) resolve(received)
    }
    onReceived()
  })
}

const watch = (requestBody: object = {}, calendarId = 'primary') =>
  olive.api.events.watch({
    calendarId,
    requestBody: { id: randomUUID(), type: 'web_hook', address, token: 'secret', ...requestBody },
  })
const insert = () => olive.api.events.insert({ calendarId: 'primary', requestBody: timed })
const edit = (summary: string) => google.person.create({ email, calendarId: 'primary', event: { ...timed, summary } })

test('a channel gets a sync message, then a notification of each change, with rising numbers', async () => {
  const { data } = await watch({ expiration: String(google.world.now() + 172_800_000) })
  expect(data).toMatchObject({
    kind: 'api#channel',
    token: 'secret',
    resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/primary/events?alt=json',
  })
  expect(Number(data.expiration)).toBeGreaterThan(google.world.now() + 172_000_000)
  const [sync] = await notifications(1)
  expect(sync).toMatchObject({
    'x-goog-channel-id': data.id,
    'x-goog-resource-id': data.resourceId,
    'x-goog-channel-token': 'secret',
    'x-goog-resource-state': 'sync',
    'x-goog-message-number': '1',
    'content-length': '0',
  })
  await insert()
  await notifications(2)
  edit('By hand')
  const all = await notifications(3)
  expect(all.slice(1).map((headers) => headers['x-goog-resource-state'])).toEqual(['exists', 'exists'])
  const numbers = all.map((headers) => Number(headers['x-goog-message-number']))
  expect(numbers[1]).toBeGreaterThan((numbers[0] ?? 0) + 1)
  expect(numbers[2]).toBeGreaterThan(numbers[1] ?? 0)
})

test.each([
  [{ id: 'has space' }, 'push.channelIdInvalid'],
  [{ id: 'x'.repeat(65) }, 'push.channelIdInvalid'],
  [{ type: 'mail' }, 'invalid'],
  [{ address: 'http://calendar.example/webhook' }, 'push.webhookUrlNotHttps'],
  [{ address: undefined }, 'required'],
  [{ token: 'x'.repeat(257) }, 'invalid'],
  [{ expiration: '1000' }, 'invalid'],
])('watch refuses %o', async (body, reason) => {
  expect(await refusal(watch(body))).toMatchObject({ status: 400, reason })
})

test('channel ids are unique, some calendars do not support push, and long lifetimes are shortened', async () => {
  const id = randomUUID()
  const { data } = await watch({ id, params: { ttl: '9999999' } })
  expect(Number(data.expiration)).toBeLessThanOrEqual(google.world.now() + 604_800_000)
  expect(await refusal(watch({ id }))).toMatchObject({ status: 400, reason: 'channelIdNotUnique' })
  const holidays = google.person.addCalendar({ email, summary: 'Holidays', kind: 'holidays' })
  expect(await refusal(watch({}, holidays.id))).toMatchObject({
    reason: 'pushNotSupportedForRequestedResource',
  })
})

test('stop ends a channel, only for its own account; a stopped or expired one is 404 and sends nothing', async () => {
  google.person.addAccount({ email: 'mia@example.com', name: 'Mia', timeZone: 'UTC' })
  const mia = await connect(google.url, { email: 'mia@example.com' })
  const { data } = await watch()
  const requestBody = { id: data.id, resourceId: data.resourceId }
  expect((await refusal(mia.api.channels.stop({ requestBody }))).status).toBe(404)
  expect((await olive.api.channels.stop({ requestBody })).status).toBe(204)
  expect((await refusal(olive.api.channels.stop({ requestBody }))).status).toBe(404)
  const next = await watch()
  await notifications(2)
  await control(google.url, 'clock', { body: { advanceSeconds: 604_801 } })
  edit('Too late')
  const stop = { requestBody: { id: next.data.id, resourceId: next.data.resourceId } }
  olive = await connect(google.url, { email })
  expect((await refusal(olive.api.channels.stop(stop))).status).toBe(404)
  expect(received).toHaveLength(2)
})

test('delivery is retried after 5xx but not after other errors', async () => {
  google.world.state.switches.notificationRetryMs = 5
  await watch()
  await notifications(1)
  statuses = [503, 500, 200]
  edit('Retried')
  const all = await notifications(4)
  expect(new Set(all.slice(1).map((headers) => headers['x-goog-message-number'])).size).toBe(1)
  statuses = [404, 200]
  edit('Refused')
  await notifications(5)
  edit('Next')
  expect(await notifications(6)).toHaveLength(6)
})

test('notifications can be dropped, doubled and delayed', async () => {
  await watch()
  await notifications(1)
  google.world.state.switches.notifications = 'double'
  edit('Twice')
  await notifications(3)
  google.world.state.switches.notifications = 'drop'
  await insert()
  Object.assign(google.world.state.switches, { notifications: 'delay', notificationDelayMs: 30 })
  const started = performance.now()
  edit('Late')
  const all = await notifications(4)
  expect(performance.now() - started).toBeGreaterThan(25)
  expect(Number(all[3]?.['x-goog-message-number']) - Number(all[2]?.['x-goog-message-number'])).toBeGreaterThan(1)
})
