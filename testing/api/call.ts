import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { codesOf } from '#lib/receptionist/http/openapi.ts'
import { operations } from '#lib/receptionist/http/operations/all.ts'
import { problemSchema } from '#lib/receptionist/schema.ts'
import { type Method, routeOf } from './routes.ts'

/** Calls the route handlers of /api/v1 and compares every answer with the document. */

export type Asked = {
  key?: string
  body?: unknown
  /** Sent as it is. */
  raw?: BodyInit
  headers?: Record<string, string | undefined>
}

export type Answered = { status: number; headers: Headers; value: Record<string, unknown>; text: string }

/** A POST gets a new `Idempotency-Key` unless `headers` has one, or has it undefined. */
export const callApi = async (method: Method, address: string, asked: Asked = {}): Promise<Answered> => {
  const url = new URL(`http://localhost:3999/api/v1${address}`)
  const { path, handlers, context } = routeOf(url.pathname.replace('/api/v1', ''))
  const response = await handlers[method](requestOf(url, method, asked), context)
  const text = await response.text()
  const answered = { status: response.status, headers: response.headers, text, value: text ? JSON.parse(text) : {} }
  compare(method, path, answered)
  return answered
}

const requestOf = (url: URL, method: Method, { key, body, raw, headers }: Asked): Request => {
  const given = Object.entries({
    ...(key && { authorization: `Bearer ${key}` }),
    ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
    ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
    ...headers,
  }).filter((header): header is [string, string] => header[1] !== undefined)
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  return new Request(url, { method, headers: given, body: sent, ...(sent && { duplex: 'half' }) })
}

/** Answers have no field, and no code, that the document does not have. */
const compare = (method: Method, path: string, { status, headers, value, text }: Answered) => {
  if (method === 'OPTIONS' || path === '/openapi.json') return
  const operation = operations.find((each) => each.method === method && each.path === path)
  if (status < 400) {
    expect(operation?.answer.safeParse(value), text).toMatchObject({ success: true, data: value })
    expect(operation?.answer.parse(value)).toEqual(value)
    expect(headers.get('content-type')).toBe('application/json')
  } else {
    expect(problemSchema.strict().safeParse(value), text).toMatchObject({ success: true })
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(value.status).toBe(status)
    expect(value.say).toMatch(/\w/)
    if (operation) expect(codesOf(operation)).toContain(value.code)
  }
  expect(headers.get('cache-control')).toBe('no-store')
}
