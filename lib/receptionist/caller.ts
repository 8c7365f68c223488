import type { BusinessId } from '#db/business-id.ts'

export const scopes = [
  'availability:read',
  'appointments:read',
  'appointments:write',
  'appointments:cancel',
  'customers:read',
  'webhooks:manage',
] as const
export type Scope = (typeof scopes)[number]

export const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text)

/** The key that asks, checked; what it may do and see. */
export type Caller = {
  businessId: BusinessId
  keyId: string
  scopes: readonly Scope[]
  /** Null: all services, all members. */
  serviceIds: readonly string[] | null
  memberIds: readonly string[] | null
  /** Books into `test_appointments`. */
  test: boolean
  /** The phone call, if the agent names it. */
  callId: string | null
}
