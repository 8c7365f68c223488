import type { OAuthChecks, OAuthConfig } from 'next-auth/providers/oauth'
import { env } from '#lib/env.ts'
import { googleEndpoints } from '#lib/google/endpoints.ts'
import { exchangeCode, type Identity, readIdentity } from '#lib/google/oauth.ts'

/** Sign-in with Google: identity scopes only, and no token is stored. */
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

type Callback = {
  params: { code?: string; state?: string }
  checks: OAuthChecks
  redirectUri: string
}

/** next-auth only decrypts the state cookie; a custom token request must compare the state. */
export const redeem = async ({ params, checks, redirectUri }: Callback) => {
  if (!checks.state || params.state !== checks.state) throw new Error('The state is not the one that was sent.')
  if (!params.code || !checks.code_verifier) throw new Error('The answer carries no code.')
  const answer = await exchangeCode({ code: params.code, redirectUri, codeVerifier: checks.code_verifier })
  if (!answer.ok) throw new Error(`The code was not accepted: ${answer.error}`)
  return answer.tokens
}
