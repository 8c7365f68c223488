import 'server-only'
import type { BusinessId } from '#db/business-id.ts'
import { readMembers } from '#db/queries/members.ts'
import { readServices } from '#db/queries/services.ts'
import type { Member } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireOwner } from '#lib/auth/viewer.ts'
import type { OfferedService, Service } from './schema.ts'

export type ServicesPage = { businessId: string; services: Service[]; members: Member[] }

export const servicesPage = async (): Promise<ServicesPage> => {
  const { businessId } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const [services, members] = await Promise.all([readServices(db, { businessId }), readMembers(db, businessId)])
  return { businessId, services: services.map(({ deleted: _, ...service }) => service), members }
}

/** What the appointment form offers, and what older appointments were made with. */
export const offeredServices = async (businessId: BusinessId): Promise<OfferedService[]> => {
  const rows = await readServices(tenantDbOf({ businessId }), { businessId, deleted: true })
  return rows.map((row) => {
    const { id, name, durations, memberIds, gapBefore, gapAfter, people, price, outcome, active, deleted } = row
    return {
      ...{ id, name, durations, memberIds, gapBefore, gapAfter, people, price, outcome },
      offered: active && !deleted,
    }
  })
}
