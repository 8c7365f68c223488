import { cleanText } from '#lib/clean-text.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { type Answer, type Refused, refuse } from './answer.ts'
import type { Caller } from './caller.ts'
import { countRequest } from './limits.ts'
import { logRequest, shownOf } from './request-log.ts'
import { needsOf, type VerbName } from './verb-needs.ts'

/**
 * Runs a verb for a key: its limits, its scopes, the work, and a row in the log of calls. Every
 * interface goes through it. `asked`: what the caller wanted. `isCounted`: the request was counted
 * before.
 */
export const runVerb = async <T extends object>(
  caller: Caller,
  verb: VerbName,
  asked: object,
  work: () => Promise<Answer<T>>,
  { isCounted = false } = {},
): Promise<Answer<T>> => {
  const { scopes, writes } = needsOf(verb, asked)
  const tooMany = isCounted ? null : await countRequest(caller, writes ? 'writes' : 'reads')
  if (tooMany) return tooMany
  const missing = scopes.find((scope) => !caller.scopes.includes(scope))
  const answer = missing ? forbidden(missing) : await answered(verb, work)
  // Programs follow the changes all day; that is no part of a call.
  if (verb !== 'read_changes') logRequest(rowOf(caller, { verb, asked, answer }))
  return answer
}

const forbidden = (scope: string) =>
  refuse('forbidden', 'I am not allowed to do that.', { fields: { scope: `The key lacks the scope ${scope}.` } })

const answered = async <T>(verb: VerbName, work: () => Promise<Answer<T>>): Promise<Answer<T>> => {
  try {
    return await work()
  } catch (error) {
    log('error', 'api.verb-failed', { verb, error: nameOfError(error) })
    return unavailable
  }
}

export const unavailable: Refused = refuse(
  'unavailable',
  'I can’t reach the calendar right now. Please try again in a moment.',
  { retryAfterSeconds: 2 },
)

type Said = { verb: VerbName; asked: object; answer: Answer<object> }

const rowOf = ({ businessId, keyId, callId }: Caller, { verb, asked, answer }: Said) => ({
  ...{ businessId, apiKeyId: keyId, verb },
  callId: callId ?? callIdIn(asked),
  outcome: answer.ok ? 'ok' : answer.code,
  asked: shownOf(asked),
  said: 'say' in answer && typeof answer.say === 'string' ? cleanText(answer.say, { max: 1000 }) : '',
  appointmentId: appointmentIn(verb, answer),
})

const callIdIn = (asked: object): string | null =>
  'callId' in asked && typeof asked.callId === 'string' ? cleanText(asked.callId, { max: 200 }) : null

const aboutOne: readonly VerbName[] = ['book_appointment', 'read_appointment', 'move_appointment', 'cancel_appointment']

/** The tools of agents have it one level below. */
const appointmentIn = (verb: VerbName, answer: Answer<object>): string | null => {
  if (!answer.ok || !aboutOne.includes(verb)) return null
  const about = 'appointment' in answer ? Object(answer.appointment) : answer
  return 'id' in about ? String(about.id) : null
}
