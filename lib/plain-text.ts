import { z } from 'zod'

/** Trimmed text without NUL, which Postgres cannot store. */
export const plainText = () =>
  z
    .string()
    .trim()
    .regex(/^[^\0]*$/, 'Remove the invalid character.')
