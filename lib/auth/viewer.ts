import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { database } from '#db/client.ts'
import { personOfSession } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { noteIds } from '#lib/observe/scope.ts'
import type { Result } from '#lib/result.ts'
import { businessCookie } from './business-cookie.ts'
import { pathHeader } from './path-header.ts'
import type { Viewer } from './schema.ts'
import { sessionOfRequest } from './session.ts'

/** Whoever holds a valid session, with or without a business. Read from the database once per request. */
export const person = cache(async () => {
  const session = await sessionOfRequest()
  if (!session) return null
  const { userId, sessionVersion } = session
  const businessId = (await cookies()).get(businessCookie)?.value ?? null
  return personOfSession(database(env().DATABASE_URL).db, { userId, sessionVersion, businessId })
})

/** The active member who asks, or null. */
export const viewer = cache(async (): Promise<Viewer | null> => {
  const found = await person()
  if (!found?.businessId || !found.memberId || !found.role) return null
  const { userId, memberId, businessId, role } = found
  noteIds({ businessId, memberId })
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

/** For pages: a person without a session signs in and comes back; one without a business makes one. */
export const requireViewer = async (): Promise<Viewer> => {
  const asking = await viewer()
  if (asking) return asking
  if (await person()) redirect('/welcome')
  const path = (await headers()).get(pathHeader) ?? '/calendar'
  redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`)
}

/** For pages that only the owner sees; staff are sent to the calendar. */
export const requireOwner = async (): Promise<Viewer> => {
  const asking = await requireViewer()
  if (asking.role !== 'owner') redirect('/calendar')
  return asking
}

/** For actions and routes: a refusal instead of a redirect. */
export const actingViewer = async (): Promise<Result<{ viewer: Viewer }, 'signed-out'>> => {
  const asking = await viewer()
  if (asking) return { ok: true, viewer: asking }
  return { ok: false, code: 'signed-out', message: 'You are signed out. Sign in to go on.' }
}

export const actingOwner = async (): Promise<Result<{ viewer: Viewer }, 'signed-out' | 'forbidden'>> => {
  const acting = await actingViewer()
  if (!acting.ok || acting.viewer.role === 'owner') return acting
  return { ok: false, code: 'forbidden', message: 'Only the owner of the business can do this.' }
}
