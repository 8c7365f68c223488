import { z } from 'zod'
import { isBlank } from '#lib/blank-text.ts'
import { plainText } from '#lib/plain-text.ts'
import { type Scope, scopes } from '../caller.ts'

/** What most agents need; only `webhooks:manage` is left out. */
export const defaultScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'webhooks:manage')

export const scopeLabels: Readonly<Record<Scope, string>> = {
  'availability:read': 'See free times',
  'appointments:read': 'See appointments',
  'appointments:write': 'Hold, book and move appointments, leave messages',
  'appointments:cancel': 'Cancel appointments',
  'customers:read': 'Find a customer by phone number',
  'webhooks:manage': 'Manage webhooks',
}

const name = plainText()
  .max(100, 'Use at most 100 characters.')
  .refine((value) => !isBlank(value), 'Give the key a name.')

const some = z.array(z.uuid()).min(1, 'Choose at least one.').max(1000).nullable().default(null)

export const createKeySchema = z.object({
  businessId: z.uuid().optional(),
  name,
  scopes: z.array(z.enum(scopes)).min(1, 'Choose what the key may do.'),
  test: z.boolean().default(false),
  serviceIds: some,
  memberIds: some,
})
export type NewKey = Omit<z.infer<typeof createKeySchema>, 'businessId'>

export const renameKeySchema = z.object({ id: z.uuid(), name })
export const revokeKeySchema = z.object({ id: z.uuid() })

export type KeyRefusal =
  | 'signed-out'
  | 'forbidden'
  | 'invalid'
  | 'other-business'
  | 'not-found'
  | 'revoked'
  | 'too-many-keys'

/** A key as its owner sees it. */
export type ApiKey = {
  id: string
  name: string
  hint: string
  scopes: Scope[]
  test: boolean
  serviceIds: string[] | null
  memberIds: string[] | null
  createdAt: string
  lastUsedAt: string | null
  revokedAt: string | null
}
