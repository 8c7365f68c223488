import http from 'node:http'

/** Requests as a browser keeps them: connections stay open between them. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 400 })

export type Answer = { status: number; body: string }

const limitMs = 30_000

/** A kept connection may be closed by the server just when it is used: browsers then ask once more, and so does this. */
export const get = async (url: string, cookie: string, headers = {}): Promise<Answer> => {
  const asked = ask(url, cookie, headers)
  try {
    return await asked.answer
  } catch (error) {
    const wasClosed = (error as { code?: string }).code === 'ECONNRESET' && asked.isReused()
    if (!wasClosed) throw error
    return ask(url, cookie, headers).answer
  }
}

const ask = (url: string, cookie: string, headers: object) => {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Answer>()
  const options = { agent, headers: { ...headers, cookie }, timeout: limitMs }
  const request = http.get(url, options, async (response) => {
    try {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ status: response.statusCode ?? 0, body })
    } catch (error) {
      reject(error)
    }
  })
  request.on('timeout', () => request.destroy(new Error('no answer')))
  request.on('error', reject)
  return { answer, isReused: () => request.reusedSocket }
}

type Stream = { onOpen: () => void; onChange: (text: string) => void; onEnd: () => void }

/** An event stream until it ends, however it ends. Answers with the way to leave it. */
export const listen = (url: string, cookie: string, { onOpen, onChange, onEnd }: Stream): (() => void) => {
  let over = false
  const end = () => {
    if (over) return
    over = true
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
    over = true
    request.destroy()
  }
}
