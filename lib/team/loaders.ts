import 'server-only'
import { cache } from 'react'
import { database } from '#db/client.ts'
import { readInvitations, readOffersTo } from '#db/queries/invitations.ts'
import { readMembers, readMemberships } from '#db/queries/members.ts'
import { callerAddress, refusedByLimit } from '#lib/auth/limits.ts'
import type { Member, Role } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { person, requireOwner, requireViewer } from '#lib/auth/viewer.ts'
import { env } from '#lib/env.ts'
import { canMail } from '#lib/mail/send.ts'
import { offerBehind } from './open-invitation.ts'

export type OpenInvitation = { id: string; email: string; role: Role; expiresAt: string; expired: boolean }
export type TeamPage = { memberId: string; members: Member[]; invitations: OpenInvitation[]; mail: boolean }

export const teamPage = async (): Promise<TeamPage> => {
  const { businessId, memberId } = await requireOwner()
  const db = tenantDbOf({ businessId })
  const [members, invitations] = await Promise.all([
    readMembers(db, businessId),
    readInvitations(db, businessId),
  ])
  return { memberId, members, invitations, mail: canMail() }
}

/** What the page behind an invitation's link says; looking uses nothing up. */
export const invitationPage = async (token: string) => {
  if (await refusedByLimit('link-used', await callerAddress())) return { state: 'too-often' as const }
  const offer = await offerBehind(token)
  if (!offer) return { state: 'unknown' as const }
  const { email, role, businessName, invitedBy } = offer
  const told = { email, role, businessName, invitedBy }
  if (offer.accepted) return { state: 'accepted' as const, ...told }
  if (offer.revoked) return { state: 'revoked' as const, ...told }
  if (offer.expired) return { state: 'expired' as const, ...told }
  const asking = await person()
  if (!asking) return { state: 'signed-out' as const, ...told, mail: canMail() }
  const own = asking.email.toLowerCase() === email
  return { state: own ? ('open' as const) : ('other-person' as const), ...told, signedInAs: asking.email }
}

export type Offer = { id: string; businessName: string; invitedBy: string; role: Role }

/** Open invitations to the address of whoever is signed in, found without their link. */
export const offersToMe = async (): Promise<Offer[]> => {
  const asking = await person()
  if (!asking) return []
  const offers = await readOffersTo(database(env().DATABASE_URL).db, asking.email.toLowerCase())
  return offers.map(({ id, businessName, invitedBy, role }) => ({ id, businessName, invitedBy, role }))
}

/** The businesses of the viewer, by name. */
export const memberships = cache(async () => {
  const { userId } = await requireViewer()
  return readMemberships(database(env().DATABASE_URL).db, userId)
})
