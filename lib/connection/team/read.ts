import type { BusinessId } from '#db/business-id.ts'
import { readAskedToLink } from '#db/queries/asked-to-link.ts'
import { readMembers } from '#db/queries/members.ts'
import { type Link, readLinksOfMembers } from '#db/queries/sync/accounts.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'
import { statusOfLink } from '../mine/settings.ts'
import { needsMember } from './needs-member.ts'
import { askAgainAfterMinutes, type TeamCalendar } from './schema.ts'

/** The link state of every active member, from stored facts alone. */
export const teamCalendarsOf = async (viewer: {
  businessId: BusinessId
  memberId: string
}): Promise<TeamCalendar[]> => {
  const { businessId } = viewer
  const db = tenantDbOf(viewer)
  const now = new Date().toISOString()
  const [members, links, asked] = await Promise.all([
    readMembers(db, businessId),
    readLinksOfMembers(db, businessId),
    readAskedToLink(db, businessId),
  ])
  const active = members.filter(({ active }) => active)
  return Promise.all(
    active.map(async ({ id, name }): Promise<TeamCalendar> => {
      const link = links.get(id) ?? null
      const status: SyncStatus = link ? await statusOfLink(db, link, now) : { state: 'not-linked' }
      const isViewer = id === viewer.memberId
      const askedAt = needsMember(status) ? (asked.get(id) ?? null) : null
      return {
        ...{ memberId: id, name, isViewer, status, askedAt },
        linked: link !== null,
        account: workAccountOf(link),
        canBeAsked: !isViewer && needsMember(status) && !isRecent(askedAt, now),
      }
    }),
  )
}

const workAccountOf = (link: Link | null): string | null => (link?.calendar ? link.account.googleEmail : null)

const isRecent = (askedAt: string | null, now: string): boolean =>
  askedAt !== null && Date.parse(now) - Date.parse(askedAt) < askAgainAfterMinutes * 60_000
