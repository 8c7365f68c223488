import { z } from 'zod'

/** A whole number with a sentence for each way to miss it. */
export const wholeNumber = (minimum: number, maximum: number, unit: string) =>
  z
    .number(`Enter a number of ${unit}.`)
    .int(`Enter a whole number of ${unit}.`)
    .min(minimum, `Enter ${minimum} to ${maximum} ${unit}.`)
    .max(maximum, `Enter ${minimum} to ${maximum} ${unit}.`)
