import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll } from 'vitest'

/** Serves a route handler over HTTP for the calling test file, for clients that need an address. */
export const serveRoute = (handle: (request: Request) => Promise<Response>) => {
  const own = { url: '' }
  const server = createServer((request, response) => void answer(request, response, handle))
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    own.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return own
}

const answer = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: (request: Request) => Promise<Response>,
) => {
  const { method = 'GET', url = '/', headers } = incoming
  const body = method === 'GET' || method === 'HEAD' ? null : await buffer(incoming)
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  const response = await handle(
    new Request(`http://${headers.host}${url}`, { method, headers: given, body, signal: gone.signal }),
  )
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(await response.text())
}
