import { createServer } from 'node:http'
import { type Method, routeOf } from './routes.ts'

// The routes of /api/v1 in a process of their own, to be killed. Prints its address.

const server = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  const { handlers, context } = routeOf(url.pathname.replace('/api/v1', ''))
  const method = incoming.method as Method
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
  const body = parts.length > 0 ? Buffer.concat(parts) : undefined
  const response = await handlers[method](new Request(url, { method, headers, body }), context)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(await response.text())
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
})
