'use server'
import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { readUpcomingOfMember } from '#db/queries/members.ts'
import { rememberBusiness } from '#lib/auth/business-cookie.ts'
import { callerAddress, refusedByLimit } from '#lib/auth/limits.ts'
import { newLinkToken } from '#lib/auth/link-token.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, person } from '#lib/auth/viewer.ts'
import { env } from '#lib/env.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { canMail } from '#lib/mail/send.ts'
import type { Result } from '#lib/result.ts'
import { mailInvitation } from './invitation-email.ts'
import * as mutations from './mutations.ts'
import { offerBehind } from './open-invitation.ts'
import {
  deactivateSchema,
  inviteSchema,
  type MemberEdits,
  memberChangesSchema,
  memberIdSchema,
  revokeSchema,
  type TeamRefusal,
  type Upcoming,
} from './schema.ts'

const invalid = { ok: false, code: 'invalid', message: 'Some fields need another look.' } as const
const by = ({ businessId, memberId }: Viewer) => ({ businessId, memberId })
const now = () => Temporal.Now.instant().toString()

const validDays = 7

/** `link` works for the invited address alone; `mailed` tells whether it also went out by e-mail. */
export const invite = async (
  input: unknown,
): Promise<Result<{ link: string; mailed: boolean }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = inviteSchema.safeParse(input)
  if (!parsed.success) return { ...invalid, fields: fieldsByPath(parsed.error) }
  const { viewer } = acting
  const limited = await refusedByLimit('invite', viewer.businessId)
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
  const mailed = canMail() && (await mailInvitation({ to: parsed.data.email, link, viewer, validDays }))
  return { ok: true, link, mailed }
}

export const revokeInvitation = async (input: unknown): Promise<Result<object, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = revokeSchema.safeParse(input)
  if (!parsed.success) return invalid
  refresh()
  return mutations.revokeInvitation(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data.invitationId)
}

export const changeMember = async (input: unknown): Promise<Result<{ before: MemberEdits }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberChangesSchema.safeParse(input)
  if (!parsed.success) return { ...invalid, fields: fieldsByPath(parsed.error) }
  const changed = await mutations.changeMember(tenantDbOf(acting.viewer), by(acting.viewer), {
    ...parsed.data,
    now: now(),
  })
  refresh()
  if (changed.ok) drainAfterResponse()
  return changed
}

/** What somebody who leaves would leave behind. */
export const upcomingOfMember = async (
  input: unknown,
): Promise<Result<{ upcoming: Upcoming[] }, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberIdSchema.safeParse(input)
  if (!parsed.success) return invalid
  const { businessId } = acting.viewer
  const { memberId } = parsed.data
  const upcoming = await readUpcomingOfMember(tenantDbOf(acting.viewer), { businessId, memberId, now: now() })
  return { ok: true, upcoming }
}

export const deactivateMember = async (input: unknown): Promise<mutations.Left> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = deactivateSchema.safeParse(input)
  if (!parsed.success) return invalid
  const left = await mutations.deactivateMember(tenantDbOf(acting.viewer), by(acting.viewer), {
    ...parsed.data,
    now: now(),
  })
  if (left.ok) {
    refresh()
    drainAfterResponse()
  }
  return left
}

export const reactivateMember = async (input: unknown): Promise<Result<object, TeamRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = memberIdSchema.safeParse(input)
  if (!parsed.success) return invalid
  refresh()
  return mutations.reactivateMember(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data.memberId)
}

const field = (form: unknown, name: string) => (form instanceof FormData ? form.get(name) : null)

/** The button on the page of an invitation. */
export const acceptInvitation = async (form: FormData) => {
  const token = field(form, 'token')
  const back = `/invitation/${encodeURIComponent(String(token))}`
  // The page says so.
  if (await refusedByLimit('link-used', await callerAddress())) redirect(back)
  const offer = await offerBehind(token)
  if (!offer) redirect('/calendar')
  const asking = await person()
  if (!asking) redirect(`/sign-in?callbackUrl=${encodeURIComponent(back)}`)
  if (!(await enter(asking, offer.id))) redirect(back)
  redirect('/calendar')
}

/** The button on the welcome page: the address is proven, so the link is not needed. */
export const acceptOffer = async (form: FormData) => {
  const asking = await person()
  if (!asking) redirect('/sign-in?callbackUrl=/welcome')
  const parsed = revokeSchema.safeParse({ invitationId: field(form, 'invitationId') })
  if (!parsed.success || !(await enter(asking, parsed.data.invitationId))) redirect('/welcome')
  redirect('/calendar')
}

type Person = NonNullable<Awaited<ReturnType<typeof person>>>

const enter = async ({ userId, name, email }: Person, invitationId: string): Promise<boolean> => {
  const joiner = { userId, name, email }
  const businessId = await mutations.acceptInvitation(database(env().DATABASE_URL).db, joiner, invitationId)
  if (businessId) await rememberBusiness(businessId)
  return businessId !== null
}
