import 'server-only'
import { cache } from 'react'
import { database } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readInvitations, readOpenInvitationsTo } from '#db/queries/invitations.ts'
import { readMembers, readMemberships } from '#db/queries/members.ts'
import { readTimeOff, readWorkingHours } from '#db/queries/schedules.ts'
import { callerNetwork, refusedByLimit } from '#lib/auth/limits/limits.ts'
import type { Member, Role } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { person, requireOwner, requireViewer } from '#lib/auth/viewer.ts'
import type { OpeningHours } from '#lib/business/schema.ts'
import { env } from '#lib/env.ts'
import { canMail } from '#lib/mail/send.ts'
import { invitationOfToken } from './open-invitation.ts'
import type { TimeOffEntry } from './schedule/schema.ts'

export type OpenInvitation = { id: string; email: string; role: Role; expiresAt: string; expired: boolean }
/** `hours`: null = the opening hours of the business. */
export type Schedule = { hours: OpeningHours | null; timeOff: TimeOffEntry[] }
export type TeamPage = {
  memberId: string
  members: Member[]
  /** By member. */
  schedules: Record<string, Schedule>
  invitations: OpenInvitation[]
  mail: boolean
}

export const teamPage = async (): Promise<TeamPage> => {
  const { businessId, memberId } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const [members, invitations, working, timeOff] = await Promise.all([
    readMembers(db, businessId),
    readInvitations(db, businessId),
    readWorkingHours(db, businessId),
    readTimeOff(db, businessId),
  ])
  const scheduleOf = (id: string): Schedule => ({
    hours: working.find((each) => each.memberId === id)?.workingHours ?? null,
    timeOff: timeOff.filter((each) => each.memberId === id),
  })
  const schedules = Object.fromEntries(members.map(({ id }) => [id, scheduleOf(id)]))
  return { memberId, members, schedules, invitations, mail: canMail() }
}

/** Staff whom the owner lets edit their own time off. Read once per request. */
export const mayEditOwnTimeOff = cache(async (): Promise<boolean> => {
  const { businessId, role } = await requireViewer()
  if (role === 'owner') return false
  return (await readBusiness(tenantDbOf({ businessId }), businessId))?.staffEditTimeOff ?? false
})

export type OwnTimeOffPage = { memberId: string; timeZone: string; timeOff: TimeOffEntry[] }

/** Null for owners, who edit it under Team, and without the owner's consent. */
export const ownTimeOffPage = async (): Promise<OwnTimeOffPage | null> => {
  const { businessId, memberId, timeZone } = await requireViewer()
  if (!(await mayEditOwnTimeOff())) return null
  const timeOff = await readTimeOff(tenantDbOf({ businessId }), businessId)
  return { memberId, timeZone, timeOff: timeOff.filter((each) => each.memberId === memberId) }
}

/** The page of an invitation link. Opening it does not use up the link. */
export const invitationPage = async (token: string) => {
  if (await refusedByLimit('link-used', await callerNetwork())) return { state: 'too-often' as const }
  const invitation = await invitationOfToken(token)
  if (!invitation) return { state: 'unknown' as const }
  const { email, role, businessName, invitedBy } = invitation
  const shown = { email, role, businessName, invitedBy }
  if (invitation.accepted) return { state: 'accepted' as const, ...shown }
  if (invitation.revoked) return { state: 'revoked' as const, ...shown }
  if (invitation.expired) return { state: 'expired' as const, ...shown }
  const user = await person()
  if (!user) return { state: 'signed-out' as const, ...shown, mail: canMail() }
  const own = user.email.toLowerCase() === email
  return { state: own ? ('open' as const) : ('other-person' as const), ...shown, signedInAs: user.email }
}

export type ReceivedInvitation = { id: string; businessName: string; invitedBy: string; role: Role }

/** Open invitations to the address of the signed-in user. */
export const openInvitationsToMe = async (): Promise<ReceivedInvitation[]> => {
  const user = await person()
  if (!user) return []
  const invitations = await readOpenInvitationsTo(database(env().DATABASE_URL).db, user.email.toLowerCase())
  return invitations.map(({ id, businessName, invitedBy, role }) => ({ id, businessName, invitedBy, role }))
}

/** The viewer's businesses, sorted by name. */
export const memberships = cache(async () => {
  const { userId } = await requireViewer()
  return readMemberships(database(env().DATABASE_URL).db, userId)
})
