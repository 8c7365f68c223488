import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import type { Switches } from '../switches.ts'

export type Delivery = {
  address: string
  headers: Record<string, string>
  switches: Switches
  /** Whether the channel is still open; checked before each attempt. */
  isLive: () => boolean
}

const AGENT = 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)'
const RETRIED = new Set([500, 502, 503, 504])

/** Posts one push notification; retries after 500, 502, 503 and 504, with exponential backoff. */
export async function deliver({ address, headers, switches, isLive }: Delivery): Promise<void> {
  if (switches.notifications === 'delay') await pause(switches.notificationDelayMs, undefined, { ref: false })
  for (let attempt = 0; attempt < switches.notificationAttempts && isLive(); attempt++) {
    const status = await post(address, headers)
    if (!RETRIED.has(status)) return
    await pause(switches.notificationRetryMs * 2 ** attempt, undefined, { ref: false })
  }
}

/** The status of the response; 0 without one. */
function post(address: string, headers: Record<string, string>): Promise<number> {
  const request = address.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const sent = request(address, {
      method: 'POST',
      agent: false,
      timeout: 10_000,
      headers: { ...headers, 'user-agent': AGENT, accept: '*/*', 'content-length': '0' },
    })
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(0))
    sent.end()
  })
}
