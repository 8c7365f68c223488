/** A route's error response: JSON with a stable code and one sentence for people. */
export const problem = (
  status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503,
  { code, message, ...more }: { code: string; message: string; fields?: Record<string, string> },
): Response =>
  Response.json(
    { status, code, message, ...more },
    { status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } },
  )
