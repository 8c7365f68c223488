import http from 'node:http'

/** Keeps connections open between requests, like a browser. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 400 })

export type Response = { status: number; body: string }

const timeoutMs = 30_000

/**
 * Retries once, like a browser, if the server closed a kept-alive connection just before its reuse.
 */
export const get = async (url: string, cookie: string, headers = {}): Promise<Response> => {
  const request = send(url, cookie, headers)
  try {
    return await request.response
  } catch (error) {
    const wasClosed = (error as { code?: string }).code === 'ECONNRESET' && request.isReused()
    if (!wasClosed) throw error
    return send(url, cookie, headers).response
  }
}

const send = (url: string, cookie: string, headers: object) => {
  const { promise: response, resolve, reject } = Promise.withResolvers<Response>()
  const options = { agent, headers: { ...headers, cookie }, timeout: timeoutMs }
  const request = http.get(url, options, async (incoming) => {
    try {
      let body = ''
      for await (const chunk of incoming.setEncoding('utf8')) body += chunk
      resolve({ status: incoming.statusCode ?? 0, body })
    } catch (error) {
      reject(error)
    }
  })
  request.on('timeout', () => request.destroy(new Error('no answer')))
  request.on('error', reject)
  return { response, isReused: () => request.reusedSocket }
}

type Stream = { onOpen: () => void; onChange: (text: string) => void; onEnd: () => void }

/** Listens to an event stream until it ends or fails; returns a function that closes it. */
export const listen = (url: string, cookie: string, { onOpen, onChange, onEnd }: Stream): (() => void) => {
  let closed = false
  const end = () => {
    if (closed) return
    closed = true
    onEnd()
  }
  const request = http.get(url, { agent: false, headers: { cookie } }, (response) => {
    if (response.statusCode !== 200) {
      response.resume()
      return end()
    }
    onOpen()
    response.setEncoding('utf8')
    response.on('data', (text: string) => text.includes('event: change') && onChange(text))
    response.on('close', end)
    response.on('error', end)
  })
  request.on('error', end)
  return () => {
    closed = true
    request.destroy()
  }
}
