import { randomUUID } from 'node:crypto'
import type { Environment, Office } from './environment.ts'

export type Answer<T> = { status: number; body: T; ms: number }

type Request = {
  method?: string
  path: string
  body?: object
  /** The `Idempotency-Key` of a request that may be repeated. */
  key?: string
  revision?: number
  /** Which key of the office asks. */
  as?: number
}

/** One request with the key of the office. */
export const request = async <T>(
  { product: { url } }: Environment,
  { secrets }: Office,
  { method = 'GET', path, body, key, revision, as = 0 }: Request,
): Promise<Answer<T>> => {
  const started = performance.now()
  const response = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${secrets[as % secrets.length]}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { 'idempotency-key': key ?? randomUUID() }),
      ...(revision !== undefined && { 'if-match': `"${revision}"` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as T
  return { status: response.status, body: answer, ms: performance.now() - started }
}

export type Slot = { start: string; end: string; members: { id: string }[] }
export type Slots = { slots: Slot[]; google: { state: string } }
export type Booked = { id: string; code?: string; alternatives?: Slot[]; alreadyBooked?: boolean }

/** A date in Sydney, `days` from now. */
export const dateIn = (days: number) => dates.format(Date.now() + days * 86_400_000)

const dates = new Intl.DateTimeFormat('en-CA', { timeZone: 'Australia/Sydney' })

export const phoneOf = (n: number) => `04130${String(n % 100_000).padStart(5, '0')}`

/** `atOnce` workers take the numbers in turn. */
export const concurrently = async (
  count: number,
  atOnce: number,
  work: (n: number) => Promise<void>,
): Promise<void> => {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
