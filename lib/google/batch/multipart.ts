/*
 * `multipart/mixed` with `application/http` in each part, as Google's batch endpoint has it. The
 * reader prefers no answer to a doubtful one: an answer taken for that of another request would
 * acknowledge a write that never happened.
 */

export type RequestPart = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query, percent-encoded. */
  path: string
  ifMatch?: string
  body?: Record<string, unknown>
}

export type AnswerPart = { status: number; headers: Headers; body: string }

/**
 * `batchId` is unguessable and used once: no text in a part can end it, and no answer to another
 * batch fits.
 */
export const writeParts = (parts: RequestPart[], batchId: string): { contentType: string; body: string } => {
  const boundary = `batch_${batchId}`
  const written = parts.map((part, index) => `--${boundary}\r\n${writePart(part, `${batchId}-${index + 1}`)}\r\n`)
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: `${written.join('')}--${boundary}--\r\n` }
}

const writePart = ({ method, path, ifMatch, body }: RequestPart, id: string): string => {
  const json = body && JSON.stringify(body)
  return [
    'Content-Type: application/http',
    `Content-ID: <${id}>`,
    '',
    `${method} ${path} HTTP/1.1`,
    ...(ifMatch === undefined ? [] : [`If-Match: ${oneLine(ifMatch)}`]),
    ...(json ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`] : []),
    '',
    json ?? '',
  ].join('\r\n')
}

const oneLine = (value: string): string => value.replace(/[^\x20-\x7e]/g, '')

/**
 * The answers by position in the batch, from 0; null if the body is no `multipart/mixed`. A part is
 * left out if it is malformed, not ended by a delimiter, or one of several with the same id.
 */
export const readParts = (
  answer: { contentType: string | null; body: string },
  batchId: string,
): Map<number, AnswerPart> | null => {
  const boundary = boundaryOf(answer.contentType ?? '')
  if (!boundary) return null
  const parts = new Map<number, AnswerPart | null>()
  for (const lines of splitParts(answer.body, boundary)) {
    const position = positionOf(lines, batchId)
    if (position !== null) parts.set(position, parts.has(position) ? null : readPart(lines))
  }
  return new Map([...parts].filter((entry): entry is [number, AnswerPart] => entry[1] !== null))
}

/** Google's boundaries contain `=` outside quotes. */
const boundaryOf = (contentType: string): string | undefined => {
  const [, quoted, bare] =
    /^multipart\/mixed\s*;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))\s*(?:;|$)/i.exec(contentType) ?? []
  return quoted ?? bare
}

/** The lines of every part that a delimiter ends. JSON has no line that is a delimiter. */
const splitParts = (body: string, boundary: string): string[][] => {
  const parts: string[][] = []
  let open: string[] | null = null
  for (const raw of body.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const delimiter = line.startsWith(`--${boundary}`) ? line.trimEnd() : null
    const isLast = delimiter === `--${boundary}--`
    if (isLast || delimiter === `--${boundary}`) {
      if (open) parts.push(open)
      open = []
      if (isLast) break
    } else open?.push(line)
  }
  return parts
}

/** By `Content-ID`: Google puts `response-` before the id that was sent. */
const positionOf = (lines: string[], batchId: string): number | null => {
  const id = readHeaders(lines)?.headers.get('content-id')
  const prefix = `<response-${batchId}-`
  const number = id?.startsWith(prefix) ? /^([1-9]\d{0,3})>$/.exec(id.slice(prefix.length))?.[1] : undefined
  return number === undefined ? null : Number(number) - 1
}

const readPart = (lines: string[]): AnswerPart | null => {
  const [statusLine = '', ...message] = readHeaders(lines)?.rest ?? []
  const status = /^HTTP\/\d(?:\.\d)? ([2-5]\d\d)(?: |$)/.exec(statusLine)?.[1]
  const read = readHeaders(message)
  if (!status || !read) return null
  return { status: Number(status), headers: read.headers, body: read.rest.join('\n') }
}

/** Header lines up to an empty line or the end, and the lines after it. */
const readHeaders = (lines: string[]): { headers: Headers; rest: string[] } | null => {
  const headers = new Headers()
  const end = lines.indexOf('')
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    const [, name, value] = /^([\w-]+):[ \t]*([\x20-\x7e\t]*)$/.exec(line) ?? []
    if (!name || value === undefined) return null
    headers.append(name, value)
  }
  return { headers, rest: end < 0 ? [] : lines.slice(end + 1) }
}
