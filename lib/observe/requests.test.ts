import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { logRequests } from './requests.ts'

test('a request must arrive within 30 seconds, body included', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  logRequests(() => {})
  const server = http.createServer((_, response) => response.end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
  expect(server.requestTimeout).toBe(30_000)
  await vi.waitFor(() => expect(written).toHaveBeenCalled(), 10_000)
  server.close()
  written.mockRestore()
})
