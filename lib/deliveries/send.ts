import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { env } from '#lib/env.ts'
import { lookupWith, mayConnect, newResolver } from './address.ts'
import { failureOf, type SendFailure } from './failure.ts'

/**
 * One POST. Addresses are checked when the connection is made, after DNS, so that a name that
 * changes its address in between leads nowhere else. Redirects are not followed.
 */

export type Sent = {
  status: number | null
  /** Null: it arrived. */
  failure: SendFailure | null
  retryAfterSeconds: number | null
  ms: number
}

export type Send = (message: { url: string; body: string; headers: Record<string, string> }) => Promise<Sent>

type Options = { lookup: LookupFunction; toLoopback: boolean; timeoutMs?: number }

const longestMs = 15_000

export const createSend = ({ lookup, toLoopback, timeoutMs = longestMs }: Options): Send => {
  // Connections are not kept: the receiver may have closed one just when it is used again.
  const options = {
    lookup,
    keepAlive: false,
    allowIPAddressList: toLoopback ? ['127.0.0.1', '::1'] : [],
  }
  const agents = { http: new RequestFilteringHttpAgent(options), https: new RequestFilteringHttpsAgent(options) }
  return async ({ url, body, headers }) => {
    if (!mayConnect(new URL(url).hostname))
      return { status: null, failure: 'no-address', retryAfterSeconds: null, ms: 0 }
    const started = performance.now()
    const answer = await post(url, { agents, body, headers, timeoutMs })
    return { ...answer, ms: Math.round(performance.now() - started) }
  }
}

let shared: Send | undefined

/** The sender of this process. */
export const sender = (): Send => {
  shared ??= createSend({
    lookup: lookupWith(newResolver()),
    toLoopback: env().WEBHOOKS_TO_LOOPBACK === 'on',
  })
  return shared
}

type Post = {
  agents: { http: http.Agent; https: https.Agent }
  body: string
  headers: Record<string, string>
  timeoutMs: number
}

const post = (url: string, { agents, body, headers, timeoutMs }: Post): Promise<Omit<Sent, 'ms'>> =>
  new Promise((resolve) => {
    const isSecure = url.startsWith('https:')
    const request = (isSecure ? https : http).request(url, {
      method: 'POST',
      agent: isSecure ? agents.https : agents.http,
      // Of everything: name, connection, TLS and answer.
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'Sophiie-Webhooks/1.0',
      },
    })
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response
      const retryAfterSeconds = secondsOf(response.headers['retry-after'])
      resolve({ status, failure: failureOf({ status }), retryAfterSeconds })
      dismiss(response)
    })
    request.on('error', (error) => resolve({ status: null, failure: failureOf({ error }), retryAfterSeconds: null }))
    request.end(body)
  })

const mostBytes = 4096

/** Reads a short answer to its end, for receivers that fail otherwise, and drops a long one. */
const dismiss = (response: http.IncomingMessage) => {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostBytes) response.destroy()
  })
  response.on('error', () => {})
}

/** Of `Retry-After`: seconds or a date. */
const secondsOf = (header: string | undefined): number | null => {
  if (header === undefined) return null
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
