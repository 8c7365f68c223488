import type { Code } from './codes.ts'
import type { SlotAnswer, UnavailableDate } from './schema.ts'

/** A refusal with a stable code and a sentence that can be said to the caller. */
export type Refused = {
  ok: false
  code: Code
  say: string
  /** Field to what is wrong with it. */
  fields?: Record<string, string>
  alternatives?: SlotAnswer[]
  /** Dates of a repetition that cannot be booked. */
  unavailable?: UnavailableDate[]
  retryAfterSeconds?: number
}

export type Answer<T> = ({ ok: true } & T) | Refused

export const refuse = (code: Code, say: string, more: Partial<Omit<Refused, 'ok' | 'code' | 'say'>> = {}): Refused => ({
  ...{ ok: false, code, say },
  ...more,
})
