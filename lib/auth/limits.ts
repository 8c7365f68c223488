import { createHash } from 'node:crypto'
import { headers } from 'next/headers'
import { database } from '#db/client.ts'
import { countAttempt } from '#db/queries/rate-limits.ts'
import { env } from '#lib/env.ts'

/** Rate limits across all processes. Keys are hashed, so that no address is stored. */
const limits = {
  /** New appointments, per address of the member, in all businesses. */
  booking: { max: 300, windowSeconds: 60 * 60 },
  /** Redirects to Google, per IP address. */
  'sign-in': { max: 60, windowSeconds: 10 * 60 },
  /** Requests for sign-in links, per IP address. */
  'link-asked': { max: 20, windowSeconds: 60 * 60 },
  /** Sign-in links sent to one e-mail address. */
  'link-to': { max: 5, windowSeconds: 60 * 60 },
  /** Invitation and sign-in links opened or used, per IP address. */
  'link-used': { max: 60, windowSeconds: 10 * 60 },
  /** Invitations per business. */
  invite: { max: 50, windowSeconds: 24 * 60 * 60 },
} as const

type Limited = keyof typeof limits

/** Counts an attempt. Null if it is allowed, otherwise a sentence that says when to try again. */
export const refusedByLimit = async (what: Limited, key: string): Promise<string | null> => {
  const { max, windowSeconds } = limits[what]
  const hashed = createHash('sha256').update(`${what}:${key}:${env().NEXTAUTH_SECRET}`).digest('base64url')
  const { count, secondsLeft } = await countAttempt(database(env().DATABASE_URL).db, {
    key: `${what}:${hashed}`,
    windowSeconds,
  })
  if (count <= max) return null
  const minutes = Math.ceil(secondsLeft / 60)
  return `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

/** The IP address that the nearest proxy saw; callers can forge the entries before it. */
export const callerAddress = async (): Promise<string> =>
  (await headers()).get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'unknown'
