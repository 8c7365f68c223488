/** A plain client of the batch endpoint, for tests of the emulator. */

export type Part = { id?: string; method: string; path: string; headers?: Record<string, string>; body?: unknown }
export type Answer = { id?: string; status: number; headers: Record<string, string>; text: string; body: unknown }

const BOUNDARY = 'batch_of_a_test'

export function multipart(parts: Part[], { eol = '\r\n' } = {}): string {
  const written = parts.map(({ id, method, path, headers = {}, body }) => {
    const lines = [
      `--${BOUNDARY}`,
      'Content-Type: application/http',
      ...(id ? [`Content-ID: ${id}`] : []),
      '',
      `${method} ${path} HTTP/1.1`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      ...(body === undefined ? [] : [JSON.stringify(body)]),
    ]
    return lines.join(eol) + eol
  })
  return `${written.join('')}--${BOUNDARY}--`
}

export function post(
  url: string,
  { token, body, headers }: { token?: string; body: string; headers?: Record<string, string> },
): Promise<Response> {
  return fetch(`${url}/batch/calendar/v3`, {
    method: 'POST',
    headers: {
      'content-type': `multipart/mixed; boundary=${BOUNDARY}`,
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
  })
}

/** The answers in the order in which they came. */
export async function readAnswers(response: Response): Promise<Answer[]> {
  const boundary = /^multipart\/mixed; boundary=(.+)$/.exec(response.headers.get('content-type') ?? '')?.[1]
  if (!boundary) throw new Error(`The answer is no batch, but ${response.status} ${await response.text()}`)
  const text = await response.text()
  return text.split(`--${boundary}`).slice(1, -1).map(readAnswer)
}

function readAnswer(text: string): Answer {
  const [outer = '', inner = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = inner.split('\r\n')
  const body = rest.join('\r\n\r\n').replace(/\r\n$/, '')
  const id = /^Content-ID: (.+)$/m.exec(outer)?.[1]
  return {
    ...(id && { id }),
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(lines.filter(Boolean).map((line) => line.split(/: (.*)/, 2))),
    text: body,
    body: parsed(body),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
