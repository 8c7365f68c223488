import { createHash } from 'node:crypto'
import { beginIdempotent, giveUpIdempotent, keepAnswer } from '#db/queries/receptionist/idempotency-keys.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Caller } from '../caller.ts'
import type { Code } from '../codes.ts'
import { didNotGetIt } from './parse.ts'

/** An answer as it is kept and sent again. */
export type Kept = { status: number; body: string }
/** `code`: of a refusal. */
type Run = Kept & { code: Code | null }

/** Longer than a request takes; a process that died loses its key after that. */
const lockSeconds = 10

/** With these nothing was done, and the same request may succeed later. */
const notFinal: readonly (Code | null)[] = [
  'rate-limited',
  'unavailable',
  'google-unknown',
  'forbidden',
  'switched-off',
]

type Asked = { key: string; request: { method: string; path: string; bytes: Uint8Array } }

/** Runs a request once per key of its sender, and repeats its answer for 24 hours. */
export const idempotent = async (
  caller: Caller,
  { key, request }: Asked,
  run: () => Promise<Run>,
): Promise<{ ok: true; kept: Kept; isReplayed: boolean } | Refused> => {
  const db = tenantDbOf(caller)
  const place = { businessId: caller.businessId, apiKeyId: caller.keyId, key }
  const begun = await beginIdempotent(db, place, { requestHash: hashOf(request), lockSeconds })
  if (begun.state === 'other-request') return otherRequest
  if (begun.state === 'running') return running
  if (begun.state === 'answered') return { ok: true, kept: begun, isReplayed: true }
  const locked = { ...place, lock: begun.lock }
  try {
    const { code, ...kept } = await run()
    await (notFinal.includes(code) ? giveUpIdempotent(db, locked) : keepAnswer(db, locked, kept))
    return { ok: true, kept, isReplayed: false }
  } catch (error) {
    await giveUpIdempotent(db, locked)
    throw error
  }
}

const hashOf = ({ method, path, bytes }: Asked['request']) =>
  createHash('sha256').update(`${method} ${path}\n`).update(bytes).digest()

export const idempotencyKeyOf = (headers: Headers): { ok: true; value: string } | Refused => {
  const value = headers.get('idempotency-key') ?? ''
  return /^[\x21-\x7e]{1,255}$/.test(value) ? { ok: true, value } : missing
}

const missing = refuse('idempotency-missing', didNotGetIt, {
  fields: { 'idempotency-key': 'Send 1 to 255 characters without spaces, new for each request: a UUID, for example.' },
})
const otherRequest = refuse('idempotency-mismatch', didNotGetIt, {
  fields: { 'idempotency-key': 'It was used for another request. Use a new one.' },
})
const running = refuse('idempotency-running', 'One moment, please.', { retryAfterSeconds: 1 })
