import { NextResponse } from 'next/server'
import { actingOwner } from '#lib/auth/viewer.ts'
import {
  callbackAddress,
  challengeOf,
  linkCookie,
  linkSeconds,
  newOAuthState,
  sealOAuthState,
} from '#lib/connection/oauth-state.ts'
import { accountOfBusiness } from '#lib/connection/settings.ts'
import { env } from '#lib/env.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { linkScopes } from '#lib/google/scopes.ts'

/** Redirects an owner to Google to link a calendar account. Separate from sign-in. */
export const GET = async () => {
  const acting = await actingOwner()
  if (!acting.ok)
    return NextResponse.redirect(
      new URL(`/settings/calendar?link=${acting.code === 'forbidden' ? 'owner-only' : 'expired'}`, env().NEXTAUTH_URL),
    )
  const oauthState = newOAuthState(acting.viewer)
  const account = await accountOfBusiness(acting.viewer.businessId)
  const response = NextResponse.redirect(
    authorizationUrl({
      redirectUri: callbackAddress(),
      scopes: linkScopes,
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
