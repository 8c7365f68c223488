import { refusedByLimit } from '#lib/auth/limits/limits.ts'
import { isBlank } from '#lib/blank-text.ts'
import { cleanText } from '#lib/clean-text.ts'
import { networkOf } from '#lib/network.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { verifyKey } from '../keys/verify.ts'
import { problemResponse } from './problem.ts'

/**
 * The caller of a bearer key, or the response that refuses. Cookies are never looked at. The header
 * `X-Call-Id` names the phone call where the body does not.
 */
export const authenticate = async ({ headers }: Request): Promise<Caller | Response> => {
  const secret = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (secret === undefined) return problemResponse(noKey, { 'www-authenticate': challenge })
  const caller = await verifyKey(secret)
  if (caller) return { ...caller, callId: callIdOf(headers) }
  // Only unknown keys count, so that guessing does not slow down others in the same network.
  const network = networkOf(headers.get('x-forwarded-for')?.split(',').at(-1) ?? '')
  if (await refusedByLimit('unknown-key', network)) return problemResponse(tooMany)
  return problemResponse(unknownKey, { 'www-authenticate': `${challenge}, error="invalid_token"` })
}

const challenge = 'Bearer realm="Sophiie"'

const say = 'I can’t reach the calendar right now.'
const refused = (message: string): Refused => refuse('unauthorized', say, { fields: { authorization: message } })
const noKey = refused('Send the API key as Authorization: Bearer sk_live_….')
const unknownKey = refused('This API key is unknown or revoked.')
const tooMany = refuse('rate-limited', say, { retryAfterSeconds: 60 })

const callIdOf = (headers: Headers): string | null => {
  const given = cleanText(headers.get('x-call-id') ?? '', { max: 200 }).trim()
  return isBlank(given) ? null : given
}
