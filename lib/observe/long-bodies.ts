import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/*
 * Next reads every body to its end before anything can refuse it, and drops what is above its
 * limit. Half-sent bodies of many connections would keep the process busy with that, so that the
 * bytes that no form has are read slowly, from all of them together.
 */

type Pace = {
  /** Bytes of each body that are read at once. */
  free: number
  /** Bytes of all bodies that are read at once beyond that, and then in a second. */
  burst: number
  perSecond: number
}

const usual: Pace = { free: 64_000, burst: 2_000_000, perSecond: 4_000_000 }

export const slowLongBodies = (): void => {
  const slow = slowly(usual)
  subscribe('http.server.request.start', (message) => slow((message as { request: IncomingMessage }).request))
}

export const slowly = ({ free, burst, perSecond }: Pace) => {
  let owed = { bytes: 0, at: performance.now() }
  /** How long to wait after these bytes. */
  const charge = (bytes: number): number => {
    const at = performance.now()
    const paid = ((at - owed.at) / 1000) * perSecond
    owed = { bytes: Math.max(0, owed.bytes - paid) + bytes, at }
    return Math.max(0, ((owed.bytes - burst) / perSecond) * 1000)
  }
  return (request: IncomingMessage): void => {
    let read = 0
    const count = ({ length }: Buffer) => {
      read += length
      const wait = read > free ? charge(length) : 0
      if (wait === 0) return
      request.pause()
      setTimeout(() => request.resume(), wait)
    }
    // A listener before that of the reader would make it miss the first bytes.
    const withReader = (event: string) => {
      if (event !== 'data') return
      request.off('newListener', withReader)
      request.on('data', count)
    }
    request.on('newListener', withReader)
  }
}
