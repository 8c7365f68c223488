import { type Refused, refuse } from '../answer.ts'
import { didNotGetIt } from './parse.ts'

const mostBytes = 64 * 1024

/** `bytes`: as they were sent. */
export type Body = { ok: true; value: unknown; bytes: Uint8Array }

/** A JSON body of at most 64 KB; reading ends there, whatever length was announced. */
export const readBody = async (request: Request): Promise<Body | Refused> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(json|[\w.-]+\+json)$/.test(type)) return notJson
  if (Number(request.headers.get('content-length')) > mostBytes) return tooLarge
  const bytes = await readBytes(request.body)
  if (!bytes) return tooLarge
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), bytes }
  } catch {
    return malformed
  }
}

/** Null if there are too many. */
const readBytes = async (body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | null> => {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.byteLength
    if (length > mostBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const notJson = refuse('unsupported-media-type', didNotGetIt, {
  fields: { 'content-type': 'Send application/json.' },
})
const tooLarge = refuse('too-large', 'That was too much at once.', { fields: { body: 'Send at most 64 KB.' } })
const malformed = refuse('invalid', didNotGetIt, { fields: { body: 'This is not valid JSON in UTF-8.' } })
