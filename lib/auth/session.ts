import { cookies } from 'next/headers'
import { decode } from 'next-auth/jwt'
import { env } from '#lib/env.ts'

/** `until`: epoch milliseconds. */
export type Session = { userId: string; sessionVersion: number; until: number }

/** As next-auth names it. The token is far too short to be spread over several cookies. */
const cookieName = () =>
  `${env().NEXTAUTH_URL.startsWith('https:') ? '__Secure-' : ''}next-auth.session-token`

/** Whose session the signed cookie of the request is. Whether it still holds, the database says. */
export const sessionOfRequest = async (): Promise<Session | null> => {
  const token = (await cookies()).get(cookieName())?.value
  return token ? readSession(token, Date.now()) : null
}

const remembered = 5000
const known = new Map<string, Session>()

/** A page asks with the same token again and again: it is decrypted once. What is not genuine is not remembered. */
export const readSession = async (token: string, now: number): Promise<Session | null> => {
  const session = known.get(token) ?? (await opened(token))
  known.delete(token)
  if (!session || session.until <= now) return null
  known.set(token, session)
  const [oldest] = known.size > remembered ? known.keys() : []
  if (oldest) known.delete(oldest)
  return session
}

const opened = async (token: string): Promise<Session | null> => {
  const claims = await decode({ token, secret: env().NEXTAUTH_SECRET }).catch(() => null)
  if (!claims?.userId || claims.sessionVersion === undefined) return null
  const { userId, sessionVersion, exp } = claims
  return { userId, sessionVersion, until: Number(exp) * 1000 }
}
