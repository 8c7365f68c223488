import { randomBytes } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Reply } from '../http.ts'

/** The answer to one request of a batch. */
export type AnswerPart = { contentId?: string; reply: Reply }

/** A `multipart/mixed` reply with one part per answer. */
export function multipartReply(answers: AnswerPart[]): Reply {
  // Google's boundaries contain `=` and are not quoted.
  const boundary = `batch_${randomBytes(9).toString('base64')}=_${randomBytes(6).toString('base64url')}=`
  const parts = answers.map((answer) => `--${boundary}\r\n${formatPart(answer)}\r\n`)
  return {
    status: 200,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}`, vary: 'Origin, X-Origin, Referer' },
    body: `${parts.join('')}--${boundary}--\r\n`,
  }
}

function formatPart({ contentId, reply }: AnswerPart): string {
  const body = reply.body?.toString() ?? ''
  const headers = {
    ...reply.headers,
    ...(reply.status !== 204 && reply.status !== 304 && { 'content-length': String(Buffer.byteLength(body)) }),
  }
  return [
    'Content-Type: application/http',
    ...(contentId ? [`Content-ID: ${responseId(contentId)}`] : []),
    '',
    `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}`.trim(),
    ...Object.entries(headers).map(([name, value]) => `${capitalized(name)}: ${value}`),
    '',
    reply.cutShort ? body.slice(0, body.length / 2) : body,
  ].join('\r\n')
}

/** `<item-1>` is answered as `<response-item-1>`, `1` as `response-1`. */
function responseId(contentId: string): string {
  return contentId.startsWith('<') ? `<response-${contentId.slice(1)}` : `response-${contentId}`
}

function capitalized(name: string): string {
  if (name === 'etag') return 'ETag'
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
