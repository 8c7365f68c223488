import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import type { Scope } from '#lib/receptionist/caller.ts'
import { addKey, endKey } from '#lib/receptionist/keys/mutations.ts'
import { defaultScopes, type NewKey } from '#lib/receptionist/keys/schema.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { insertBusiness, type SampleBusiness } from '../appointment-sample.ts'
import type { TestDatabase } from '../database.ts'

export type ApiBusiness = SampleBusiness & {
  db: Db
  serviceId: string
  /** A new key. */
  keyFor: (wanted?: Partial<NewKey>) => Promise<{ id: string; secret: string }>
  revoke: (id: string) => Promise<unknown>
}

/** A business that is open all week, with a service and a way to make keys. */
export const insertApiBusiness = async (database: TestDatabase): Promise<ApiBusiness> => {
  const sample = await insertBusiness(database.db)
  const { businessId, owner: memberId } = sample
  const week = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ from: '07:00', to: '19:00' }]]))
  await database.sql`update businesses set opening_hours = ${JSON.stringify(week)}::jsonb where id = ${businessId}`
  const db = tenantDb(database, businessId)
  const added = await addService(
    db,
    { businessId, memberId },
    { ...emptyService, name: 'Leaking tap', durations: [60] },
  )
  if (!added.ok) throw new Error(added.message)
  const keyFor = async (wanted: Partial<NewKey> = {}) => {
    const scopes: Scope[] = [...defaultScopes]
    const key = { name: 'Sophiie', scopes, test: false, serviceIds: null, memberIds: null, ...wanted }
    const made = await addKey(db, { businessId, memberId }, key)
    if (!made.ok) throw new Error(made.message)
    return made
  }
  const revoke = (id: string) => endKey(db, { businessId, memberId }, { id })
  return { ...sample, db, serviceId: added.id, keyFor, revoke }
}
