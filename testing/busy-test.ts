import { linkMember } from './link-busy.ts'
import { test as base } from './sync-test.ts'

/** As `sync-test.ts`; `mia` is the staff member's own account and its first calendar, busy. */
export const test = base.extend('mia', async ({ fixture, database, google }) => {
  const { businessId, staffId: memberId } = fixture
  const [member] = await database.sql<{ email: string }[]>`select email from members where id = ${memberId}`
  const link = await linkMember({ database, google, businessId }, { memberId, email: member?.email ?? '' })
  return { ...link, ...(await link.busy(link.email)), memberId }
})
