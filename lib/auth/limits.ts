import { createHash } from 'node:crypto'
import { headers } from 'next/headers'
import { database } from '#db/client.ts'
import { countAttempt } from '#db/queries/rate-limits.ts'
import { env } from '#lib/env.ts'

/** How often something may be tried, over all processes. Keys are hashed: no address is kept to count it. */
const limits = {
  /** Leaving for Google, per address on the network. */
  'sign-in': { most: 60, windowSeconds: 10 * 60 },
  /** Sign-in links asked for, per address on the network. */
  'link-asked': { most: 20, windowSeconds: 60 * 60 },
  /** Sign-in links sent to one mailbox. */
  'link-to': { most: 5, windowSeconds: 60 * 60 },
  /** Links of invitations and sign-in opened or used, per address on the network. */
  'link-used': { most: 60, windowSeconds: 10 * 60 },
  /** Invitations of a business. */
  invite: { most: 50, windowSeconds: 24 * 60 * 60 },
} as const

type Limited = keyof typeof limits

/** Null when it may go on, else the sentence that says when. */
export const refusedByLimit = async (what: Limited, key: string): Promise<string | null> => {
  const { most, windowSeconds } = limits[what]
  const hashed = createHash('sha256').update(`${what}:${key}:${env().NEXTAUTH_SECRET}`).digest('base64url')
  const { count, secondsLeft } = await countAttempt(database(env().DATABASE_URL).db, {
    key: `${what}:${hashed}`,
    windowSeconds,
  })
  if (count <= most) return null
  const minutes = Math.ceil(secondsLeft / 60)
  return `That was tried too often. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

/** The address that the nearest proxy saw: what comes before it in the list, the caller may have made up. */
export const callerAddress = async (): Promise<string> =>
  (await headers()).get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'unknown'
