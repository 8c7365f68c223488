/** An expected failure: a stable code and one sentence for people. Unexpected errors are thrown. */
export type Refusal<Code extends string = string> = {
  ok: false
  code: Code
  message: string
  /** Field name → sentence. */
  fields?: Record<string, string>
  retryAfterSeconds?: number
}

/** With `fields`: what is invalid in each. */
export const invalidFields = { ok: false, code: 'invalid', message: 'Some fields are invalid.' } as const

export const otherBusiness = {
  ok: false,
  code: 'other-business',
  message: 'You switched to another business in this browser. Reload the page.',
} as const

export type Result<T, Code extends string = string> = ({ ok: true } & T) | Refusal<Code>
