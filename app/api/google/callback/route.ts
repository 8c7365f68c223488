import { type NextRequest, NextResponse } from 'next/server'
import { viewer } from '#lib/auth/viewer.ts'
import { finishLink, type Linked } from '#lib/connection/link.ts'
import { linkCookie, openOAuthState } from '#lib/connection/oauth-state.ts'
import { env } from '#lib/env.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { parameter } from '#lib/search-params.ts'

/** OAuth callback. Every outcome redirects to the settings page, which shows one sentence. */
export const GET = async (request: NextRequest) => {
  const member = await viewer()
  if (!member) return NextResponse.redirect(new URL('/sign-in?callbackUrl=/settings/calendar', env().NEXTAUTH_URL))
  const query = request.nextUrl.searchParams
  const { name, options } = linkCookie()
  const oauthState = await openOAuthState(request.cookies.get(name)?.value)
  const linked = await finishLink(member, oauthState, {
    code: parameter(query, 'code'),
    state: parameter(query, 'state'),
    error: parameter(query, 'error'),
  })
  const response = NextResponse.redirect(settingsPage(linked, oauthState?.whose ?? 'business'))
  response.cookies.set(name, '', { ...options, maxAge: 0 })
  return response
}

const settingsPage = ({ outcome, missing, calendarId }: Linked, whose: Whose) => {
  const url = new URL('/settings/calendar', env().NEXTAUTH_URL)
  url.searchParams.set('link', outcome)
  if (whose === 'member') url.searchParams.set('for', 'me')
  if (missing) url.searchParams.set('permission', missing.join(','))
  if (calendarId !== undefined) url.searchParams.set('calendar', calendarId)
  return url
}
