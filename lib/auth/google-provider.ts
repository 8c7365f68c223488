import type { OAuthChecks, OAuthConfig } from 'next-auth/providers/oauth'
import { env } from '#lib/env.ts'
import { googleEndpoints } from '#lib/google/endpoints.ts'
import { exchangeCode, type Identity, readIdentity } from '#lib/google/oauth.ts'

/** Google told us who it is. Identity only: no calendar permission is asked for, and no token is kept. */
export const googleProvider = (): OAuthConfig<Identity> => ({
  id: 'google',
  name: 'Google',
  type: 'oauth',
  clientId: env().GOOGLE_CLIENT_ID,
  clientSecret: env().GOOGLE_CLIENT_SECRET,
  checks: ['pkce', 'state'],
  authorization: {
    url: googleEndpoints().authorize,
    params: { scope: 'openid email profile', prompt: 'select_account' },
  },
  token: {
    url: googleEndpoints().token,
    request: async ({ params, checks, provider }) => {
      const tokens = await redeem({ params, checks, redirectUri: provider.callbackUrl })
      return { tokens: { id_token: tokens.idToken ?? undefined } }
    },
  },
  userinfo: {
    request: async ({ tokens }) => {
      if (!tokens.id_token) throw new Error('Google sent no id token.')
      return readIdentity(tokens.id_token)
    },
  },
  profile: ({ sub, email, name }) => ({ id: sub, email, name }),
})

type Answer = {
  params: { code?: string; state?: string }
  checks: OAuthChecks
  redirectUri: string
}

/** A custom token request has to compare the state itself; next-auth has only read it from its signed cookie. */
export const redeem = async ({ params, checks, redirectUri }: Answer) => {
  if (!checks.state || params.state !== checks.state)
    throw new Error('The state is not the one that was sent.')
  if (!params.code || !checks.code_verifier) throw new Error('The answer carries no code.')
  const answer = await exchangeCode({ code: params.code, redirectUri, codeVerifier: checks.code_verifier })
  if (!answer.ok) throw new Error(`The code was not accepted: ${answer.error}`)
  return answer.tokens
}
