import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { insertBusiness } from '#db/queries/businesses.ts'
import { insertMember, lockUserAndAskMembership } from '#db/queries/members.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { NewBusiness } from './schema.ts'

type Founder = { userId: string; name: string; email: string }

/** The business and its owner, together or not at all. Null when the person already belongs to one. */
export const createBusiness = (db: Db, { founder, business }: { founder: Founder; business: NewBusiness }) =>
  db.transaction(async (tx): Promise<BusinessId | null> => {
    const { userId, name, email } = founder
    if (await lockUserAndAskMembership(tx, userId)) return null
    const businessId = await insertBusiness(tx, business)
    const memberId = await insertMember(tx, { businessId, userId, role: 'owner', name, email, colour: 1 })
    await recordActivity(tx, [
      { businessId, actor: { kind: 'member', memberId }, what: 'business.created', after: business },
    ])
    return businessId
  })
