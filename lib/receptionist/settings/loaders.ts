import 'server-only'
import { readBusiness } from '#db/queries/businesses.ts'
import { readMembers } from '#db/queries/members.ts'
import { readServices } from '#db/queries/services.ts'
import type { Member } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireViewer } from '#lib/auth/viewer.ts'
import type { BusinessSettings } from '#lib/business/schema.ts'
import type { Service } from '#lib/services/schema.ts'
import { type WebhooksPage, webhooksOf } from '#lib/webhooks/loaders.ts'
import { type CallsPage, callsPage } from '../calls/loaders.ts'
import { keysOfBusiness } from '../keys/loaders.ts'
import type { ApiKey } from '../keys/schema.ts'
import { type MessagesPage, messagesPage } from '../messages/loaders.ts'

/** Of the address: a call, the pages of calls and of messages that are done. */
export type ReceptionistQuery = Partial<Record<'call' | 'before' | 'done', string>>

export type ReceptionistPage = {
  messages: MessagesPage
  timeZone: string
  /** Null for staff. */
  owner: {
    settings: BusinessSettings
    calls: CallsPage
    keys: ApiKey[]
    services: Service[]
    members: Member[]
    webhooks: WebhooksPage
  } | null
}

export const receptionistPage = async (query: ReceptionistQuery): Promise<ReceptionistPage> => {
  const { role, timeZone } = await requireViewer()
  const [messages, owner] = await Promise.all([messagesPage(query), role === 'owner' ? ownerPart(query) : null])
  return { messages, timeZone, owner }
}

const ownerPart = async (query: ReceptionistQuery): Promise<ReceptionistPage['owner']> => {
  const { businessId } = await requireViewer()
  const db = tenantDbOf({ businessId })
  const [settings, calls, keys, services, members, webhooks] = await Promise.all([
    readBusiness(db, businessId),
    callsPage(query),
    keysOfBusiness(),
    readServices(db, { businessId }),
    readMembers(db, businessId),
    webhooksOf(businessId),
  ])
  if (!settings) throw new Error('The business of a signed-in member is gone.')
  const offered = services.map(({ deleted: _, ...service }) => service)
  return { settings, calls, keys, members, services: offered, webhooks }
}
