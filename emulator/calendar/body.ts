import type { Context } from '../http.ts'
import { refused } from './errors.ts'

/** The JSON object of a request body, which is also logged. */
export function readObject(context: Context): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(context.body.toString())
  } catch {
    throw refused(400, 'parseError')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refused(400, 'badRequest')
  context.logFields.requestBody = body
  return { ...body }
}
