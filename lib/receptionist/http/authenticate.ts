import { refusedByLimit } from '#lib/auth/limits/limits.ts'
import { isBlank } from '#lib/blank-text.ts'
import { cleanText } from '#lib/clean-text.ts'
import { networkOf } from '#lib/network.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { verifyAndCount, verifyKey } from '../keys/verify.ts'
import { admitted, type Kind } from '../limits.ts'
import { problemResponse } from './problem.ts'

/**
 * The caller of a bearer key, or the response that refuses. Cookies are never looked at. The header
 * `X-Call-Id` names the phone call where the body does not.
 */
export const authenticate = async ({ headers }: Request): Promise<Caller | Response> =>
  answerTo(headers, { verify: verifyKey, accept: async (caller) => caller })

/** The same, and the request is counted in the same statement; see `countRequest`. */
export const authenticateCounted = async ({ headers }: Request, kind: Kind): Promise<Caller | Response> =>
  answerTo(headers, {
    verify: (secret) => verifyAndCount(secret, kind),
    accept: async ({ caller, hasToken }) => {
      const refusal = await admitted(caller.businessId, hasToken)
      return refusal ? problemResponse(refusal) : caller
    },
  })

type Check<Known> = {
  verify: (secret: string) => Promise<Known | null>
  accept: (known: Known) => Promise<Caller | Response>
}

const answerTo = async <Known>(headers: Headers, { verify, accept }: Check<Known>): Promise<Caller | Response> => {
  const secret = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (secret === undefined) return problemResponse(noKey, { 'www-authenticate': challenge })
  const known = await verify(secret)
  if (known) {
    const caller = await accept(known)
    return caller instanceof Response ? caller : { ...caller, callId: callIdOf(headers) }
  }
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
