import type { AuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { knowUser } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { googleProvider } from './google-provider.ts'
import { returnPath } from './return-path.ts'
import { newSession, sessionCookie, sessionSeconds } from './session.ts'
import { redeemSignInLink } from './sign-in-link.ts'

declare module 'next-auth' {
  interface Session {
    userId?: string
    sessionVersion?: number
  }
  interface Profile {
    emailVerified?: boolean
  }
  interface User {
    sessionVersion?: number
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    userId?: string
    sessionVersion?: number
    sessionId?: string
    /** Epoch seconds. */
    signedInAt?: number
  }
}

const ownPath = (url: string, baseUrl: string) =>
  returnPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url)

/** Signs in with the token of an e-mailed link, once. */
const linkProvider = () =>
  CredentialsProvider({
    id: 'link',
    credentials: { token: {} },
    authorize: (given) => redeemSignInLink(given?.token),
  })

/** The session token holds a user id and a session version; the database is asked for the rest. */
export const authOptions = (): AuthOptions => ({
  secret: env().NEXTAUTH_SECRET,
  providers: [googleProvider(), linkProvider()],
  session: { strategy: 'jwt', maxAge: sessionSeconds },
  cookies: { sessionToken: sessionCookie() },
  pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
  callbacks: {
    redirect: ({ url, baseUrl }) => `${baseUrl}${ownPath(url, baseUrl)}`,
    signIn: ({ account, profile }) =>
      account?.provider === 'link' || profile?.emailVerified === true || '/sign-in?error=unverified',
    jwt: async ({ token, account, profile, user }) => {
      if (account?.provider === 'link') return newSession(user)
      if (!account || !profile?.email || !profile.sub) return token
      const { email, sub, name } = profile
      const known = await knowUser(database(env().DATABASE_URL).db, {
        email,
        googleSub: sub,
        name: name ?? email,
      })
      return newSession(known)
    },
    session: ({ token }) => ({
      userId: token.userId,
      sessionVersion: token.sessionVersion,
      expires: Temporal.Instant.fromEpochMilliseconds(Number(token.exp) * 1000).toString({
        fractionalSecondDigits: 3,
      }),
    }),
  },
  logger: {
    // Only code and class, because messages may contain addresses and tokens.
    error: (code, detail) =>
      log('error', 'sign-in.failed', {
        code: /^[A-Z_]{1,60}$/.test(code) ? code : 'OTHER',
        error: nameOfError(detail instanceof Error ? detail : detail?.error),
      }),
    warn: () => {},
    debug: () => {},
  },
})
