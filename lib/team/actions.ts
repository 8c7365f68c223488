'use server'
import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { readUpcomingOfMember } from '#db/queries/members.ts'
import { rememberBusiness } from '#lib/auth/business-cookie.ts'
import { callerNetwork, refusedByLimit } from '#lib/auth/limits/limits.ts'
import { newLinkToken } from '#lib/auth/link-token.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, person } from '#lib/auth/viewer.ts'
import { env } from '#lib/env.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { canMail } from '#lib/mail/send.ts'
import { invalidFields, type Result } from '#lib/result.ts'
import { type InvitationEmail, mailInvitation } from './invitation-email.ts'
import * as mutations from './mutations.ts'
import { invitationOfToken } from './open-invitation.ts'
import {
  deactivateSchema,
  inviteSchema,
  type MemberEdits,
  memberChangesSchema,
  memberIdSchema,
  mostListed,
  revokeSchema,
  type TeamRefusal,
  type Upcoming,
} from './schema.ts'

const by = ({ businessId, memberId }: Viewer) => ({ businessId, memberId })
const now = () => Temporal.Now.instant().toString()

const validDays = 7

/** `link` works for the invited address only; `mailed`: whether it was also sent by e-mail. */
export const invite = async (input: unknown): Promise<Result<{ link: string; mailed: boolean }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = inviteSchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const { viewer } = acting
  const limited =
    (await refusedByLimit('invite-from', await callerNetwork())) ??
    (await refusedByLimit('invite', (await person())?.email ?? ''))
  if (limited) return { ok: false, code: 'rate-limited', message: limited }
  const { token, tokenHash } = newLinkToken()
  const expiresAt = Temporal.Now.instant()
    .add({ hours: 24 * validDays })
    .toString()
  const made = await mutations.invite(tenantDbOf(viewer), by(viewer), {
    ...parsed.data,
    tokenHash,
    expiresAt,
  })
  if (!made.ok) return made
  refresh()
  const link = `${env().NEXTAUTH_URL}/invitation/${token}`
  const mailed = await mailUnlessTooMany({ to: parsed.data.email, link, viewer, validDays })
  return { ok: true, link, mailed }
}

/** A mailbox gets few invitations a day, whoever invites; the owner can still pass on the link. */
const mailUnlessTooMany = async (email: InvitationEmail): Promise<boolean> =>
  canMail() && (await refusedByLimit('invite-to', email.to)) === null && mailInvitation(email)

export const revokeInvitation = async (input: unknown): Promise<Result<object, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = revokeSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  refresh()
  return mutations.revokeInvitation(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data.invitationId)
}

export const changeMember = async (input: unknown): Promise<Result<{ before: MemberEdits }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberChangesSchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const changed = await mutations.changeMember(tenantDbOf(acting.viewer), by(acting.viewer), {
    ...parsed.data,
    now: now(),
  })
  refresh()
  if (changed.ok) drainAfterResponse()
  return changed
}

/** The first upcoming appointments of a member who is about to be deactivated, and their number. */
export const upcomingOfMember = async (
  input: unknown,
): Promise<Result<{ upcoming: Upcoming[]; count: number }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberIdSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  const { businessId } = acting.viewer
  const { memberId } = parsed.data
  const upcoming = await readUpcomingOfMember(tenantDbOf(acting.viewer), { businessId, memberId, now: now() })
  return { ok: true, upcoming: upcoming.slice(0, mostListed), count: upcoming.length }
}

export const deactivateMember = async (input: unknown): Promise<mutations.DeactivateResult> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = deactivateSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  const result = await mutations.deactivateMember(tenantDbOf(acting.viewer), by(acting.viewer), {
    ...parsed.data,
    now: now(),
  })
  if (result.ok) {
    refresh()
    drainAfterResponse()
  }
  return result
}

export const reactivateMember = async (input: unknown): Promise<Result<object, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberIdSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  refresh()
  return mutations.reactivateMember(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data.memberId)
}

const field = (form: unknown, name: string) => (form instanceof FormData ? form.get(name) : null)

/** The button on the page of an invitation. */
export const acceptInvitation = async (form: FormData) => {
  const token = field(form, 'token')
  const back = `/invitation/${encodeURIComponent(String(token))}`
  // That page counts attempts too and shows the sentence.
  if (await refusedByLimit('link-used', await callerNetwork())) redirect(back)
  const invitation = await invitationOfToken(token)
  if (!invitation) redirect('/calendar')
  const user = await person()
  if (!user) redirect(`/sign-in?callbackUrl=${encodeURIComponent(back)}`)
  if (!(await joinBusiness(user, invitation.id))) redirect(back)
  redirect('/calendar')
}

/** The button on the welcome page. The sign-in proves the address, so no link is needed. */
export const acceptOpenInvitation = async (form: FormData) => {
  const user = await person()
  if (!user) redirect('/sign-in?callbackUrl=/welcome')
  const parsed = revokeSchema.safeParse({ invitationId: field(form, 'invitationId') })
  if (!parsed.success || !(await joinBusiness(user, parsed.data.invitationId))) redirect('/welcome')
  redirect('/calendar')
}

type Person = NonNullable<Awaited<ReturnType<typeof person>>>

const joinBusiness = async ({ userId, name, email }: Person, invitationId: string): Promise<boolean> => {
  const joiner = { userId, name, email }
  const businessId = await mutations.acceptInvitation(database(env().DATABASE_URL).db, joiner, invitationId)
  if (businessId) await rememberBusiness(businessId)
  return businessId !== null
}
