import type { Refusal } from './result.ts'

/** A route's error response: JSON with a stable code and one sentence for people. */
export const problem = (
  status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503,
  { code, message, fields, retryAfterSeconds }: Omit<Refusal, 'ok'>,
): Response =>
  Response.json(
    { status, code, message, fields },
    {
      status,
      headers: {
        ...{ 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
        ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
      },
    },
  )
