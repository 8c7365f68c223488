import type { z } from 'zod'

/** The first sentence of each field that is wrong; `fields.title` and `title` are the same field. */
export const fieldsOf = (error: z.ZodError): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const { path, message } of error.issues) {
    const name = String(path[0] === 'fields' ? path[1] : path[0])
    found[name] ??= message
  }
  return found
}
