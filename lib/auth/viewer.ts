import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { personOfSession } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { addLogIds } from '#lib/observe/scope.ts'
import type { Result } from '#lib/result.ts'
import { chosenBusiness } from './business-cookie.ts'
import { admit } from './limits/allowance.ts'
import { pathHeader } from './path-header.ts'
import type { Viewer } from './schema.ts'
import { type Session, sessionOfRequest } from './session.ts'

/** The user of a valid session, with or without a business. Read once per request. */
export const person = cache(async () => {
  const session = await sessionOfRequest()
  if (!session) return null
  return personOfSession(database(env().DATABASE_URL).db, {
    ...session,
    businessId: await chosenBusiness(),
  })
})

/** Whether the session and the membership still hold, for a response that lasts. */
export const isStillMember = async (session: Session, businessId: BusinessId): Promise<boolean> => {
  if (session.until <= Date.now()) return false
  const found = await personOfSession(database(env().DATABASE_URL).db, { ...session, businessId })
  return found?.businessId === businessId
}

/**
 * The active member who makes the request, or null. Waits while the business takes more than its
 * share of this process.
 */
export const viewer = cache(async (): Promise<Viewer | null> => {
  const found = await person()
  if (!found?.businessId || !found.memberId || !found.role) return null
  const { userId, memberId, businessId, role } = found
  addLogIds({ businessId, memberId })
  await admit(businessId)
  return {
    userId,
    memberId,
    businessId,
    role,
    businessName: found.businessName ?? '',
    timeZone: found.timeZone ?? 'UTC',
    name: found.memberName ?? found.name,
    email: found.memberEmail ?? found.email,
  }
})

/** For pages. Redirects to sign-in without a session, to the welcome page without a business. */
export const requireViewer = async (): Promise<Viewer> => {
  const current = await viewer()
  if (current) return current
  if (await person()) redirect('/welcome')
  const path = (await headers()).get(pathHeader) ?? '/calendar'
  redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`)
}

/** For owner pages. Redirects staff to the calendar. */
export const requireOwner = async (): Promise<Viewer> => {
  const current = await requireViewer()
  if (current.role !== 'owner') redirect('/calendar')
  return current
}

/** For actions and routes: returns a refusal instead of redirecting. */
export const actingViewer = async (): Promise<Result<{ viewer: Viewer }, 'signed-out'>> => {
  const current = await viewer()
  if (current) return { ok: true, viewer: current }
  return { ok: false, code: 'signed-out', message: 'You are signed out. Sign in to continue.' }
}

export const actingOwner = async (): Promise<Result<{ viewer: Viewer }, 'signed-out' | 'forbidden'>> => {
  const acting = await actingViewer()
  if (!acting.ok || acting.viewer.role === 'owner') return acting
  return { ok: false, code: 'forbidden', message: 'Only the owner can do this.' }
}
