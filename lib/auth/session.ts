import { randomUUID } from 'node:crypto'
import { cookies } from 'next/headers'
import { decode } from 'next-auth/jwt'
import { env } from '#lib/env.ts'

/** `until`: epoch milliseconds. `sessionId`: null in tokens of versions that had no ids. */
export type Session = { userId: string; sessionVersion: number; sessionId: string | null; until: number }

/** Counted from signing in; nothing extends it. */
export const sessionSeconds = 30 * 24 * 60 * 60

/** The claims of a new session. */
export const newSession = (user: { id: string; sessionVersion?: number }) => ({
  userId: user.id,
  sessionVersion: user.sessionVersion,
  sessionId: randomUUID(),
  signedInAt: Math.floor(Date.now() / 1000),
})

/** The cookie that next-auth stores its session token in. */
export const sessionCookie = () => {
  const secure = env().NEXTAUTH_URL.startsWith('https:')
  return {
    name: `${secure ? '__Secure-' : ''}next-auth.session-token`,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  }
}

/** The session in the request's cookie. The database decides whether its version is still valid. */
export const sessionOfRequest = async (): Promise<Session | null> => {
  const token = (await cookies()).get(sessionCookie().name)?.value
  return token ? readSession(token, Date.now()) : null
}

const maxCached = 5000
const cache = new Map<string, Session>()

/**
 * Decrypts a token once and caches it, because a page sends the same token with each request.
 * Invalid tokens are not cached. `now`: epoch milliseconds.
 */
export const readSession = async (token: string, now: number): Promise<Session | null> => {
  const session = cache.get(token) ?? (await decrypt(token))
  cache.delete(token)
  if (!session || session.until <= now) return null
  cache.set(token, session)
  const [oldest] = cache.size > maxCached ? cache.keys() : []
  if (oldest) cache.delete(oldest)
  return session
}

const decrypt = async (token: string): Promise<Session | null> => {
  const claims = await decode({ token, secret: env().NEXTAUTH_SECRET }).catch(() => null)
  if (!claims?.userId || claims.sessionVersion === undefined) return null
  const { userId, sessionVersion, sessionId = null, signedInAt = Number.POSITIVE_INFINITY, exp } = claims
  const until = Math.min(Number(exp), signedInAt + sessionSeconds) * 1000
  return { userId, sessionVersion, sessionId, until }
}
