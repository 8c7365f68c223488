import type { z } from 'zod'

/** The first error of each field by its path, for example `openingExceptions.0.date`. */
export const fieldsByPath = (error: z.ZodError): Record<string, string> => {
  const fields: Record<string, string> = {}
  for (const { path, message } of error.issues) fields[path.join('.')] ??= message
  return fields
}
