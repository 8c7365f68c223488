import type { z } from 'zod'

/** The first error of each field. `fields.title` and `title` name the same field. */
export const fieldErrors = (error: z.ZodError): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const { path, message } of error.issues) {
    const name = String(path[0] === 'fields' ? path[1] : path[0])
    errors[name] ??= message
  }
  return errors
}
