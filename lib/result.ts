/** An expected failure: a stable code and one sentence for people. Unexpected errors are thrown. */
export type Refusal<Code extends string = string> = {
  ok: false
  code: Code
  message: string
  /** Field name → sentence. */
  fields?: Record<string, string>
  retryAfterSeconds?: number
}

export type Result<T, Code extends string = string> = ({ ok: true } & T) | Refusal<Code>
