import { isDeepStrictEqual } from 'node:util'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalDb } from '#db/client.ts'
import { raiseUpcoming } from '#db/queries/appointments.ts'
import { deleteBusiness, insertBusiness, readBusiness, updateBusiness } from '#db/queries/businesses.ts'
import { insertMember, lockUserAndAskMembership, readUserIdsOfBusiness } from '#db/queries/members.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { deleteUsersWithoutBusiness } from '#db/queries/users.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import type { BusinessChanges, NewBusiness } from './schema.ts'

type Founder = { userId: string; name: string; email: string }

/** Creates the business and its owner. Null if the user is already a member of a business. */
export const createBusiness = (db: GlobalDb, { founder, business }: { founder: Founder; business: NewBusiness }) =>
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

type BusinessChange = {
  businessId: BusinessId
  memberId: string
  changes: BusinessChanges
  /** UTC instant; appointments that end later are upcoming. */
  now: string
}

/** Returns the previous values of the fields that changed; saving them undoes the change. */
export const changeBusiness = (db: Db, { businessId, memberId, changes, now }: BusinessChange) =>
  db.transaction(async (tx): Promise<BusinessChanges> => {
    // Lock order: the calendar before appointments.
    if (changesEvents(changes)) await lockCalendar(tx, businessId, 'wait')
    const present = await readBusiness(tx, businessId, { lock: true })
    if (!present) throw new Error('The business of a signed-in member is gone.')
    const keys = (Object.keys(changes) as (keyof BusinessChanges)[]).filter(
      (key) => !isDeepStrictEqual(changes[key], present[key]),
    )
    if (keys.length === 0) return {}
    const [before, after] = [pick(present, keys), pick(changes, keys)]
    await updateBusiness(tx, businessId, after)
    if (changesEvents(after)) {
      await raiseUpcoming(tx, { businessId, now })
      await enqueueSyncOfBusiness(tx, businessId)
    }
    await recordActivity(tx, [
      { businessId, actor: { kind: 'member', memberId }, what: 'business.changed', before, after },
    ])
    await publishChange(tx, businessId)
    return before
  })

/** Whether events in Google contain the setting. */
const changesEvents = (changes: BusinessChanges) => 'guestsOnGoogle' in changes || 'timeZone' in changes

const pick = (source: BusinessChanges, keys: (keyof BusinessChanges)[]): BusinessChanges =>
  Object.fromEntries(keys.map((key) => [key, source[key]]))

/** Deletes all its data, and users without another business. Revocations at Google stay queued. */
export const eraseBusiness = (db: GlobalDb, businessId: BusinessId): Promise<void> =>
  db.transaction(async (tx) => {
    const userIds = await readUserIdsOfBusiness(tx, businessId)
    await deleteBusiness(tx, businessId)
    await deleteUsersWithoutBusiness(tx, userIds)
    await publishChange(tx, businessId)
  })
