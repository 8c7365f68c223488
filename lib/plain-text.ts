import { z } from 'zod'

/** Text without the one character that Postgres cannot hold; spaces around it go. */
export const plainText = () =>
  z
    .string()
    .trim()
    .regex(/^[^\0]*$/, 'Use letters, digits and signs only.')
