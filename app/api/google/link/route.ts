import { type NextRequest, NextResponse } from 'next/server'
import { actingOwner, actingViewer } from '#lib/auth/viewer.ts'
import { linkKey } from '#lib/connection/link-key.ts'
import {
  callbackAddress,
  challengeOf,
  linkCookie,
  linkSeconds,
  newOAuthState,
  sealOAuthState,
} from '#lib/connection/oauth-state.ts'
import { accountOf } from '#lib/connection/settings.ts'
import { env } from '#lib/env.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { scopesOf } from '#lib/google/scopes.ts'
import { parameter } from '#lib/search-params.ts'

/**
 * Redirects to Google to link a calendar account: an owner to link that of the business, with
 * `for=me` any member to link their own. Separate from sign-in.
 */
export const GET = async (request: NextRequest) => {
  const whose = parameter(request.nextUrl.searchParams, 'for') === 'me' ? 'member' : 'business'
  const acting = await (whose === 'member' ? actingViewer() : actingOwner())
  if (!acting.ok)
    return NextResponse.redirect(
      new URL(`/settings/calendar?link=${acting.code === 'forbidden' ? 'owner-only' : 'expired'}`, env().NEXTAUTH_URL),
    )
  const oauthState = newOAuthState(acting.viewer, whose)
  const account = await accountOf(linkKey(acting.viewer, whose))
  const response = NextResponse.redirect(
    authorizationUrl({
      redirectUri: callbackAddress(),
      scopes: scopesOf(whose),
      state: oauthState.state,
      codeChallenge: challengeOf(oauthState.verifier),
      prompt: 'consent',
      offline: true,
      loginHint: account ?? undefined,
    }),
  )
  const { name, options } = linkCookie()
  response.cookies.set(name, await sealOAuthState(oauthState), { ...options, maxAge: linkSeconds })
  return response
}
