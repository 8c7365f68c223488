'use server'
import { redirect } from 'next/navigation'
import { database } from '#db/client.ts'
import { readMemberships } from '#db/queries/members.ts'
import { emailSchema } from '#lib/email-address.ts'
import { env } from '#lib/env.ts'
import { canMail } from '#lib/mail/send.ts'
import type { Result } from '#lib/result.ts'
import { forgetBusiness, rememberBusiness } from './business-cookie.ts'
import { endAllSessions, endSession } from './end-session.ts'
import { callerNetwork, refusedByLimit } from './limits/limits.ts'
import { callNextAuth } from './next-auth.ts'
import { returnPath } from './return-path.ts'
import { sessionOfRequest } from './session.ts'
import { checkSignInLink, mailSignInLink } from './sign-in-link.ts'
import { person } from './viewer.ts'

const field = (form: unknown, name: string): string => {
  const value = form instanceof FormData ? form.get(name) : null
  return typeof value === 'string' ? value : ''
}

export const continueWithGoogle = async (form: FormData) => {
  if (await refusedByLimit('sign-in', await callerNetwork())) redirect('/sign-in?error=too-often')
  redirect(await callNextAuth('signin/google', { callbackUrl: returnPath(field(form, 'callbackUrl')) }))
}

export type EmailLinkState = { email: string; sent: boolean; refused: string | null; attempt: number }

/** Answers the same whether the address is known or not. */
export const emailSignInLink = async (previous: EmailLinkState, form: FormData): Promise<EmailLinkState> => {
  const email = field(form, 'email').slice(0, 300)
  const attempt = (Number(previous?.attempt) || 0) + 1
  const refuse = (refused: string) => ({ email, sent: false, refused, attempt })
  if (!canMail()) return refuse('E-mail is not set up on this server. Continue with Google.')
  const parsed = emailSchema.safeParse(email)
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? '')
  const network = await callerNetwork()
  const limited =
    (await refusedByLimit('link-asked', network)) ??
    (await refusedByLimit('link-to', `${network} ${parsed.data}`)) ??
    (await refusedByLimit('mailbox', parsed.data))
  if (limited) return refuse(limited)
  const sent = await mailSignInLink(parsed.data, returnPath(field(form, 'callbackUrl')))
  if (!sent) return refuse('The e-mail could not be sent. Try again in a moment.')
  return { email: parsed.data, sent, refused: null, attempt }
}

/** The button on the page of an e-mailed link. The link works once. */
export const signInByLink = async (form: FormData) => {
  if (await refusedByLimit('link-used', await callerNetwork())) redirect('/sign-in?error=too-often')
  const token = field(form, 'token')
  const link = await checkSignInLink(token)
  if (!link) redirect('/sign-in?error=CredentialsSignin')
  redirect(await callNextAuth('callback/link', { token, callbackUrl: returnPath(link.returnPath) }))
}

/** Ends this session only; see `signOutEverywhere`. */
export const signOut = async () => {
  await endOwnSession()
  await callNextAuth('signout', { callbackUrl: '/calendar' })
  await forgetBusiness()
  redirect('/sign-in')
}

/** Signs out and returns to a page, for switching accounts. */
export const signOutTo = async (form: FormData) => {
  const path = returnPath(field(form, 'path'))
  await endOwnSession()
  await callNextAuth('signout', { callbackUrl: path })
  await forgetBusiness()
  redirect(path)
}

const endOwnSession = async () => {
  const session = await sessionOfRequest()
  if (session) await endSession(session)
}

/** Ends all sessions of the user, this one included, at their next request. */
export const signOutEverywhere = async () => {
  const user = await person()
  if (user) await endAllSessions(user.userId)
  await callNextAuth('signout', { callbackUrl: '/calendar' })
  redirect('/sign-in?error=signed-out-everywhere')
}

/** Switches to another business of the user. */
export const switchBusiness = async (businessId: string): Promise<Result<object, 'signed-out' | 'not-found'>> => {
  const user = await person()
  if (!user) return { ok: false, code: 'signed-out', message: 'You are signed out. Sign in to continue.' }
  const own = await readMemberships(database(env().DATABASE_URL).db, user.userId)
  const chosen = own.find((membership) => membership.businessId === businessId)
  if (!chosen) return { ok: false, code: 'not-found', message: 'You are not a member of that business.' }
  await rememberBusiness(chosen.businessId)
  return { ok: true }
}
