import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { slowly } from './long-bodies.ts'

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Answers with the length of each body, once it has arrived; `pauses` counts over all of them. */
const startServer = async (pace: Parameters<typeof slowly>[0]) => {
  const slow = slowly(pace)
  const state = { pauses: 0 }
  const server = http.createServer((request, response) => {
    slow(request)
    const pause = vi.spyOn(request, 'pause')
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    request.on('end', () => {
      state.pauses += pause.mock.calls.length
      response.end(String(length))
    })
  })
  servers.push(server)
  server.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const send = async (bytes: number) => {
    const body = new Blob([new Uint8Array(bytes)]).stream()
    const given = { method: 'POST', body, duplex: 'half' } as RequestInit
    return Number(await (await fetch(`http://localhost:${port}`, given)).text())
  }
  return { state, send }
}

test('long bodies are read slowly, together, and whole', async () => {
  const { state, send } = await startServer({ free: 64_000, burst: 200_000, perSecond: 20_000_000 })
  expect(await Promise.all([send(1_000_000), send(1_000_000)])).toEqual([1_000_000, 1_000_000])
  expect(state.pauses).toBeGreaterThan(10)
})

test('short bodies are read at once, and a long one within what is free for all', async () => {
  const { state, send } = await startServer({ free: 64_000, burst: 200_000, perSecond: 1 })
  expect(await Promise.all([send(60_000), send(60_000), send(60_000), send(60_000)])).toEqual(Array(4).fill(60_000))
  expect(await send(200_000)).toBe(200_000)
  expect(state.pauses).toBe(0)
})
