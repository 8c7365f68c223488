import { z } from 'zod'

export const activityKinds = ['appointment', 'google', 'business', 'service', 'member', 'message', 'key'] as const

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

/** Filters from the query of an address; invalid ones are ignored. */
export const activityQuerySchema = z.object({
  /** A member's id, `google` or `sophiie`. */
  who: optional(z.union([z.uuid(), z.enum(['google', 'sophiie'])])),
  appointment: optional(z.uuid()),
  kind: optional(z.enum(activityKinds)),
  /** The last id of the page before. */
  before: optional(z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)),
})
export type ActivityQuery = z.infer<typeof activityQuerySchema>
