import { type NextRequest, NextResponse } from 'next/server'
import { actingOwner, actingViewer } from '#lib/auth/viewer.ts'
import { linkKey } from '#lib/connection/link-key.ts'
import {
  accessOf,
  callbackAddress,
  challengeOf,
  linkCookie,
  linkSeconds,
  newOAuthState,
  sealOAuthState,
} from '#lib/connection/oauth-state.ts'
import { chooseCalendarSchema } from '#lib/connection/schema.ts'
import { linkedBefore } from '#lib/connection/settings.ts'
import { env } from '#lib/env.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { scopesOf } from '#lib/google/scopes.ts'
import { parameter } from '#lib/search-params.ts'

/**
 * Redirects to Google to link a calendar account: an owner to link that of the business, with
 * `for=me` any member to link their own, and with `calendar` to allow writing appointments to that
 * one. Separate from sign-in.
 */
export const GET = async (request: NextRequest) => {
  const whose = parameter(request.nextUrl.searchParams, 'for') === 'me' ? 'member' : 'business'
  const acting = await (whose === 'member' ? actingViewer() : actingOwner())
  if (!acting.ok)
    return NextResponse.redirect(
      new URL(`/settings/calendar?link=${acting.code === 'forbidden' ? 'owner-only' : 'expired'}`, env().NEXTAUTH_URL),
    )
  const before = await linkedBefore(linkKey(acting.viewer, whose))
  const chosen = chooseCalendarSchema.safeParse({ calendarId: parameter(request.nextUrl.searchParams, 'calendar') })
  const calendarId = whose === 'member' ? chosen.data?.calendarId : undefined
  const access = calendarId || before?.access === 'write' ? 'write' : 'read'
  const oauthState = newOAuthState(acting.viewer, whose, { access, calendarId })
  const response = NextResponse.redirect(
    authorizationUrl({
      redirectUri: callbackAddress(),
      scopes: scopesOf(accessOf(oauthState)),
      state: oauthState.state,
      codeChallenge: challengeOf(oauthState.verifier),
      prompt: 'consent',
      offline: true,
      loginHint: before?.account,
    }),
  )
  const { name, options } = linkCookie()
  response.cookies.set(name, await sealOAuthState(oauthState), { ...options, maxAge: linkSeconds })
  return response
}
