import { z } from 'zod'
import { isStorable } from './clean-text.ts'

/** Trimmed text that Postgres can store: neither NUL nor half of a surrogate pair. */
export const plainText = () => z.string().trim().refine(isStorable, 'Remove the invalid character.')
