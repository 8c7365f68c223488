import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver of webhooks on loopback. */

export type Received = { id: string; body: string; headers: Record<string, string>; at: number }
export type Answer = (message: Received, response: ServerResponse, nth: number) => void

const accept: Answer = (_, response) => response.writeHead(204).end()

export const startReceiver = async () => {
  const received: Received[] = []
  let answer: Answer = accept
  let [open, mostOpen] = [0, 0]
  const server = createServer(async (request, response) => {
    mostOpen = Math.max(mostOpen, ++open)
    response.once('close', () => open--)
    const message = await read(request)
    received.push(message)
    answer(message, response, received.filter(({ id }) => id === message.id).length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    mostOpen: () => mostOpen,
    /** `nth`: how often the message has come. */
    answerWith: (next: Answer = accept) => {
      answer = next
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const read = async (request: IncomingMessage): Promise<Received> => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return { id: headers['webhook-id'] ?? '', body, headers, at: performance.now() }
}
