import { randomUUID } from 'node:crypto'
import { expect } from '@playwright/test'
import { hashOfSecret, hintOfSecret, newSecret } from '#lib/receptionist/keys/secret.ts'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { quietDay } from './calendar.ts'

type App = Fixtures['app']

const scopes = '{availability:read,appointments:read,appointments:write,appointments:cancel,customers:read}'

/** A key of the sample business; returns its secret. */
export const insertKey = async (app: App, name = 'Voice agent'): Promise<string> => {
  const secret = newSecret({ test: false })
  await app.sql`insert into api_keys (business_id, name, secret_hash, hint, scopes)
    select business_id, ${name}, ${hashOfSecret(secret)}, ${hintOfSecret(secret)}, ${scopes}::text[]
    from members where email = 'olive@harbourplumbing.example'`
  return secret
}

type Asked = { secret: string; path: string; body?: object }

/** What an agent sends to `/api/v1`. */
export const ask = async (app: App, { secret, path, body }: Asked) => {
  const response = await fetch(`${app.url}/api/v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    body: body && JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

/** The same, which must succeed. */
export const asked = async (app: App, request: Asked): Promise<Record<string, unknown>> => {
  const { status, answer } = await ask(app, request)
  expect(status, JSON.stringify(answer)).toBeLessThan(300)
  return answer
}

export const customer = { name: 'Alex Taylor', phone: '0412 345 678' }

/** A Wednesday without appointments, on which the sample business is open. */
export const openDay = () => quietDay().add({ days: 3 })
