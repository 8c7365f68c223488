import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Connection, connect } from '../connect.ts'
import { startGoogle } from '../server.ts'
import { control, readLog } from '../testing.ts'
import { readAnswers } from './batch-client.ts'

// Requests as two clients that batch to Google send them, byte for byte except for tokens and ids.

const email = 'olive@example.com'
const google = await startGoogle()
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const send = async (contentType: string, body: string) => {
  google.world.log.clear()
  const headers = { 'content-type': contentType, authorization: `Bearer ${olive.accessToken}` }
  return readAnswers(await fetch(`${google.url}/batch/calendar/v3`, { method: 'POST', headers, body }))
}

test('google-api-python-client 1.7.12', async () => {
  const boundary = '===============3937718132715946328=='
  const part = (id: number, request: string, headers: string[], body: string) =>
    [
      `--${boundary}`,
      'Content-Type: application/http',
      'MIME-Version: 1.0',
      'Content-Transfer-Encoding: binary',
      `Content-ID: <7809e788-9759-4bc2-8c69-e2a725b7c490 + ${id}>`,
      '',
      `${request} HTTP/1.1`,
      'Content-Type: application/json',
      'MIME-Version: 1.0',
      'accept: application/json',
      'accept-encoding: gzip, deflate',
      'user-agent: (gzip)',
      'x-goog-api-client: gdcl/1.7.12 gl-python/3.11.2',
      ...headers,
      `authorization: Bearer ${olive.accessToken}`,
      'Host: www.googleapis.com',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\n')
  const times = '"start": {"dateTime": "2027-03-02T09:00:00Z"}, "end": {"dateTime": "2027-03-02T10:00:00Z"}'
  const insert = 'POST /calendar/v3/calendars/primary/events?alt=json'
  const patch = 'PATCH /calendar/v3/calendars/primary/events/event0?alt=json'
  const sendParts = (...parts: string[]) =>
    send(`multipart/mixed; boundary="${boundary}"`, `${parts.join('\n')}\n--${boundary}--`)
  const [inserted] = await sendParts(part(0, insert, [], `{"id": "event0", "summary": "N\\u00famero", ${times}}`))
  expect(inserted).toMatchObject({
    id: '<response-7809e788-9759-4bc2-8c69-e2a725b7c490 + 0>',
    status: 200,
    body: { id: 'event0', summary: 'Número' },
  })
  const answers = await sendParts(
    part(0, patch, [`If-Match: ${inserted?.headers.ETag}`], '{"summary": "New"}'),
    part(1, patch, ['If-Match: "old"'], '{"summary": "New"}'),
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 412])
  expect((await readLog(google.url)).filter((entry) => entry.part === 1)).toMatchObject([
    { requestBody: { summary: 'New' }, ifMatch: inserted?.headers.ETag, email },
  ])
})

test('@jrmdayn/googleapis-batcher 0.10.1', async () => {
  const part = (id: number) => `
--pe0tewiaj4
Content-Type: application/http
Content-ID: ${id}

POST /calendar/v3/calendars/primary/events HTTP/1.1
Accept: application/json
Authorization: Bearer ${olive.accessToken}
Content-Type: application/json

{"start":{"dateTime":"2027-03-02T09:00:00Z"},"end":{"dateTime":"2027-03-02T10:00:00Z"},"id":"event${id}","summary":"Ä${id}"}

`
  const answers = await send('multipart/mixed; boundary="pe0tewiaj4"', `${part(1)}${part(2)}\n--pe0tewiaj4--\n`)
  expect(answers).toMatchObject([
    { id: 'response-1', status: 200, body: { id: 'event1', summary: 'Ä1' } },
    { id: 'response-2', status: 200, body: { id: 'event2', summary: 'Ä2' } },
  ])
})
