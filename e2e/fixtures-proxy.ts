import http from 'node:http'
import https from 'node:https'

/** With a certificate it speaks TLS, as whatever stands before an own server does. */
type Proxy = { port: number; upstreams: number[]; certificate?: { key: string; cert: string } }

/**
 * What stands before several processes of the product: takes turns, and tries the next one when a process no longer
 * takes connections, or closes one that only asked to read. An answer that has begun is never repeated.
 */
export async function startProxy({ port, upstreams, certificate }: Proxy) {
  let turn = 0
  const handle: http.RequestListener = async (request, response) => {
    const body = await read(request)
    const first = turn++
    const order = upstreams.map((_, index) => upstreams[(first + index) % upstreams.length] ?? 0)
    const answer = await firstAnswer(request, { body, order })
    if (!answer) return response.writeHead(502).end()
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    response.on('close', () => answer.destroy())
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  }
  const server = certificate ? https.createServer(certificate, handle) : http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { stop }
}

type Call = { body: Buffer; order: number[] }

async function firstAnswer(request: http.IncomingMessage, { body, order }: Call) {
  for (const port of order) {
    const answer = await ask(request, { body, port })
    if (answer !== 'refused') return answer
  }
  return null
}

const ask = (
  { method, url, headers, socket }: http.IncomingMessage,
  { body, port }: { body: Buffer; port: number },
) =>
  new Promise<http.IncomingMessage | 'refused' | null>((resolve) => {
    const secure = 'encrypted' in socket
    const forwarded = { ...headers, 'x-forwarded-proto': secure ? 'https' : 'http' }
    const call = http.request(
      { host: 'localhost', port, method, path: url, headers: forwarded, agent: false },
      resolve,
    )
    call.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' || method === 'GET' ? 'refused' : null),
    )
    call.end(body)
  })

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
